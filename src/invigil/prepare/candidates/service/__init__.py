"""Use cases of candidates, split by what is done."""
