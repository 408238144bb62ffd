"""Sealing everything anew under the newest key, while everybody goes on working, so that an older key can be retired (P9)."""
