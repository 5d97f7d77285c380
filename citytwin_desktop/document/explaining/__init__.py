"""How numbers of the document are explained: formula, terms, inputs with origins, run, freshness, sources."""
