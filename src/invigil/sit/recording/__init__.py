"""Recordings of an attempt: takes, segments, gaps (S3.3, S2.5, S3.14)."""
