"""Tables of recordings."""

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, Integer, LargeBinary, String, Table

from invigil.platform.db import Sealed, UtcInstant, metadata

takes = Table(
    "recording_take",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("track", String(8), nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("mime", String(120), nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("frame_rate", Float, nullable=False),
    Column("video_kbps", Integer, nullable=False),
    Column("audio_kbps", Integer, nullable=False),
    Column("is_test", Boolean(create_constraint=False), nullable=False),
    Column("started_at", UtcInstant, nullable=False),
    Column("registered_at", UtcInstant, nullable=False),
    Column("prefix", String(300), nullable=False),
    # The key that opens the take's segments, and the device's name (it may be a person's), sealed.
    Column("key", Sealed("recording.take_key", "recording_take/{id}"), nullable=False),
    Column("label", Sealed("recording.take_label", "recording_take/{id}"), nullable=False),
    # The state below changes with every commit and stands under `mac`.
    Column("segment_count", Integer, nullable=False),
    Column("last_sha256", String(64), nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("rows_digest", String(64), nullable=False),
    Column("origin_ms", BigInteger),
    Column("last_p1_ms", BigInteger, nullable=False),
    Column("kept_at", UtcInstant),
    Column("end_last_seq", Integer),
    Column("end_cause", String(20)),
    Column("ended_at_ms", BigInteger),
    Column("mac", String(64), nullable=False),
)

segments = Table(
    "recording_segment",
    metadata,
    Column("take_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sha256", LargeBinary(32), nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("p0_ms", Integer, nullable=False),
    Column("p1_ms", Integer, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Column("kept_at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

# What a page declared under a position that was taken; kept as evidence, never in force.
conflicts = Table(
    "recording_conflict",
    metadata,
    Column("take_id", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sha256", LargeBinary(32), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

gaps = Table(
    "recording_gap",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("track", String(8), primary_key=True),
    Column("from_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("to_ms", BigInteger, primary_key=True, autoincrement=False),
    Column("cause", String(20), nullable=False),
    Column("declared_at_ms", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

track_changes = Table(
    "recording_track_change",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False),
    Column("track", String(8), nullable=False),
    Column("state", String(8), nullable=False),
    Column("cause", String(20)),
    Column("since_ms", BigInteger, nullable=False),
    Column("at_ms", BigInteger, nullable=False),
    Index("ix_recording_track_change_attempt_id_at_ms", "attempt_id", "at_ms"),
)
