"""The heart: attempts, answer sheets, group commit, hand-in, receipts, changes of time (ADR-0005, ADR-0006)."""
