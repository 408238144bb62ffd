"""Pure rules of examinations."""
