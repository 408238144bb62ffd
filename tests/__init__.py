"""The tests, in named sizes."""
