"""Serving the people around an examination: what leaves the system, and how it is answered for."""
