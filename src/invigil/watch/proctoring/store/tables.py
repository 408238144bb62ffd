"""Tables of proctoring. What people wrote is ciphertext: it names candidates (P9)."""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, UniqueConstraint

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

TEXT_PURPOSE = "proctoring.text"

commands = Table(
    "proctoring_command",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("order_id", String(40), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("room_id", String(40), nullable=False, index=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("text", Sealed(TEXT_PURPOSE, "proctoring_command/text/{id}"), nullable=False),
    Column("reason_category", String(20), nullable=False),
    Column("reason", Sealed(TEXT_PURPOSE, "proctoring_command/reason/{id}"), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("evidence", JsonDocument, nullable=False),
    Column("ordered_by", String(40), nullable=False),
    Column("ordered_at", UtcInstant, nullable=False),
    Column("state", String(12), nullable=False),
    Column("requires_ack", Boolean(create_constraint=False), nullable=False),
    Column("delivered_at", UtcInstant),
    Column("acknowledged_at", UtcInstant),
    Column("decided_by", String(40), nullable=False),
    Column("decided_at", UtcInstant),
    UniqueConstraint("order_id", "attempt_id"),
)

notes = Table(
    "proctoring_note",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("room_id", String(40), nullable=False, index=True),
    Column("subject_code", String(20), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Sealed(TEXT_PURPOSE, "proctoring_note/text/{id}"), nullable=False),
    Column("item", String(8), nullable=False),
    Column("last_step", Integer, nullable=False),
    Column("stills", JsonDocument, nullable=False),
    Column("written_by", String(40), nullable=False),
    Column("written_at", UtcInstant, nullable=False),
)

lines = Table(
    "proctoring_line",
    metadata,
    # Pages and consoles make the ids: one page's can never touch another's.
    Column("attempt_id", String(40), primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False),
    Column("room_id", String(40), nullable=False, index=True),
    Column("sender", String(12), nullable=False),
    Column("said_by", String(40), nullable=False),
    Column("text", Sealed(TEXT_PURPOSE, "proctoring_line/text/{attempt_id}/{id}"), nullable=False),
    Column("said_at", UtcInstant, nullable=False),
    Column("read_at", UtcInstant),
)

calls = Table(
    "proctoring_call",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False),
    Column("page_id", String(40), nullable=False),
    Column("sitting_id", String(40), nullable=False),
    Column("room_id", String(40), nullable=False, index=True),
    Column("raised_at", UtcInstant, nullable=False),
    Column("answered_at", UtcInstant),
    Column("answered_by", String(40), nullable=False),
    Column("lowered_at", UtcInstant),
    UniqueConstraint("attempt_id", "page_id"),
)

claims = Table(
    "proctoring_claim",
    metadata,
    Column("thing", String(8), primary_key=True),
    Column("thing_id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False),
    Column("room_id", String(40), nullable=False, index=True),
    Column("staff_id", String(40), nullable=False),
    Column("claimed_at", UtcInstant, nullable=False),
)

attendances = Table(
    "proctoring_attendance",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("room_id", String(40), nullable=False),
    Column("staff_id", String(40), nullable=False),
    Column("since", UtcInstant, nullable=False),
    Column("until", UtcInstant),
    Index("ix_proctoring_attendance_room_id_until", "room_id", "until"),
)

hand_overs = Table(
    "proctoring_hand_over",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("room_id", String(40), nullable=False, index=True),
    Column("from_staff_id", String(40), nullable=False),
    Column("to_staff_id", String(40), nullable=False),
    Column("note", Sealed(TEXT_PURPOSE, "proctoring_hand_over/note/{id}"), nullable=False),
    Column("handed_over_at", UtcInstant, nullable=False),
)
