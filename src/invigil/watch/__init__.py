"""Watching a sitting while it runs."""
