"""Solar collectors as an engine: analysis of what the solar operators say, building by building."""
