"""Use cases of proctoring."""
