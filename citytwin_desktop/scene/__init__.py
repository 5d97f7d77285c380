"""The 3D picture of a city: meshes, colours, picking, camera. VTK and PyVista only here, never Qt."""
