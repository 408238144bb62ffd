"""Review: a person watches what was recorded and decides about what was noticed (S3.19, C5.2)."""
