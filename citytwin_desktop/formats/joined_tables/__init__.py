"""Tables that are joined to buildings: CSV and XLSX in, rows of texts out."""
