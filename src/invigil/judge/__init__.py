"""Judging a sitting: grading and review."""
