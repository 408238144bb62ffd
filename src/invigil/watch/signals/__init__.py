"""Signals: what was noticed about a sitting by page, phone or server, from a table that is data. A signal is not a verdict (P17)."""
