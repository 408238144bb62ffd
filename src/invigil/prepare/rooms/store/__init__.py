"""SQL of rooms."""
