"""The append-only, hash-chained record of staff acts and sensitive reads (P11)."""
