"""The rules of checking in, pure."""
