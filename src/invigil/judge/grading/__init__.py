"""Grading: automatic marking, regrading after corrections, statistics, release by two persons."""
