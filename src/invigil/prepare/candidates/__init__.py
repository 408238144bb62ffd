"""Candidates: who sits, imported from the board's own files, protected at rest, printed on admission tickets."""
