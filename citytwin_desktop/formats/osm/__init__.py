"""OpenStreetMap: buildings with their parts and roofs, and what stands around them."""
