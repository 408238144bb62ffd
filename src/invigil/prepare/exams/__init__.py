"""Examinations: agreement, subjects, sittings with their rules and states, mock slots (C2, S3.7, S3.10)."""
