"""Rules of recordings that leave the system. Pure."""
