"""The board: where every seat of a running sitting stands (S3.6, S3.16)."""
