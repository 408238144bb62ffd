"""SQL of proctoring."""
