"""Recordings leave the system: packages for download, and deletion at the end of their time (S4.7, C5.5)."""
