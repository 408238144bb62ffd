"""Pure rules of rooms."""
