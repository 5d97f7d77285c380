"""The window. PySide6 only here; a package that is imported late."""
