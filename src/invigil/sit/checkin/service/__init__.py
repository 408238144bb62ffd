"""Use cases of checking in."""
