"""Rules of review. Pure."""
