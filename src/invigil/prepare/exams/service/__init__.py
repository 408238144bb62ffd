"""Use cases of examinations."""
