"""What proctors do: commands, notes, conversation, calls, attendance and hand-over of a room (S3.6, S3.15, C5.2)."""
