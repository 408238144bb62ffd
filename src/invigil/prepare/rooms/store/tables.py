"""Tables of rooms. What staff declare about their relatives is ciphertext (S2.2, P9)."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

arrangements = Table(
    "rooms_arrangement",
    metadata,
    Column("sitting_id", String(40), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("seed", String(64), nullable=False),
    Column("spreads_employers", Boolean(create_constraint=False), nullable=False),
    Column("sitting_version", Integer, nullable=False),
    Column("arranged_by", String(40), nullable=False),
    Column("arranged_at", UtcInstant, nullable=False),
)

rooms = Table(
    "rooms_room",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("subject_code", String(20), nullable=False),
    UniqueConstraint("sitting_id", "number"),
)

seats = Table(
    "rooms_seat",
    metadata,
    Column("sitting_id", String(40), primary_key=True),
    Column("candidate_id", String(40), primary_key=True, index=True),
    Column("room_id", ForeignKey("rooms_room.id"), nullable=False),
    Column("seat_number", Integer, nullable=False),
    UniqueConstraint("room_id", "seat_number"),
)

proctors = Table(
    "rooms_proctor",
    metadata,
    Column("room_id", ForeignKey("rooms_room.id"), primary_key=True),
    Column("staff_id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Index("ix_rooms_proctor_staff_id", "staff_id"),
)

declarations = Table(
    "rooms_declaration",
    metadata,
    Column("staff_id", String(40), primary_key=True),
    Column("employer", String(200), nullable=False),
    Column("declared_at", UtcInstant, nullable=False),
)

relatives = Table(
    "rooms_relative",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("staff_id", String(40), nullable=False, index=True),
    Column("relation", String(16), nullable=False),
    Column("name", Sealed("rooms.name", "rooms_relative/name/{id}"), nullable=False),
    Column(
        "identity_number",
        Sealed("rooms.identity_number", "rooms_relative/identity_number/{id}"),
        nullable=False,
    ),
    Column("declared_at", UtcInstant, nullable=False),
)

plans = Table(
    "rooms_plan",
    metadata,
    Column("exam_id", String(40), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
)

confirmations = Table(
    "rooms_confirmation",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("number", String(60), nullable=False),
    Column("state", String(12), nullable=False),
    Column("content", JsonDocument, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("submitted_by", String(40), nullable=False),
    Column("submitted_at", UtcInstant, nullable=False),
    Column("signed_by", String(40), nullable=False),
    Column("signed_at", UtcInstant),
    Column("signature", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    UniqueConstraint("exam_id", "version"),
)
