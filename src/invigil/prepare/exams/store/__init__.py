"""SQL of examinations."""
