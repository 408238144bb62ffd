"""SQL of candidates, split by what is stored and how it is read."""
