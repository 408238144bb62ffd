"""Rooms: who sits where, who proctors, what the board has signed (S4.6, C3.1, C5.2)."""
