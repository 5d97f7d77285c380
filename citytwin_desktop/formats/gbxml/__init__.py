"""gbXML: the envelope of one building, or a few, as energy programs exchange it."""
