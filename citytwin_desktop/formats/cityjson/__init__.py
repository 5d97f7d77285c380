"""CityJSON 1.0, 1.1 and 2.0, and CityJSONSeq (cityjson.org/specs)."""
