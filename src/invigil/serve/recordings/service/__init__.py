"""Use cases of recordings that leave the system."""
