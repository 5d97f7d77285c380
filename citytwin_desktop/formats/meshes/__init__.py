"""Cities as meshes: glTF binary, OBJ, STL and 3D Tiles."""
