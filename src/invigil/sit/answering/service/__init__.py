"""Use cases of answering, split by verb: entering, writing (saves and hand-ins), sweeping, changing time, rescuing, reading."""
