"""Pure rules of recordings."""
