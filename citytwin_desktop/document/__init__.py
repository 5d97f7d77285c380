"""The open document: project, city, scenarios and selection; commands with undo; events; runs."""
