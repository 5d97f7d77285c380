"""Every change that anyone can make to a document, each a command in one registry."""
