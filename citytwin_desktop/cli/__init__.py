"""The command line: the same document as the window, headless. Its commands and JSON are a contract."""
