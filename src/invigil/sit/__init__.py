"""A candidate's sitting: entering, answering, handing in, and the log of every step."""
