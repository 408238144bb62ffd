"""Checking in with two devices: the phone is paired by a QR code, both devices are checked, the reports are kept (S3.7–S3.9)."""
