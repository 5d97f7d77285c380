"""100,000 buildings under the hand."""
