"""Rows of a table matched to buildings, each with its confidence: by identifier, by address, by place."""
