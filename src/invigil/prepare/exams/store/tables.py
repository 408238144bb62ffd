"""Tables of examinations."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from invigil.platform.db import JsonDocument, UtcInstant, metadata

exams = Table(
    "exams_exam",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("title", String(200), nullable=False),
    Column("profile", String(40), nullable=False),
    Column("is_mock_required", Boolean(create_constraint=False), nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_at", UtcInstant, nullable=False),
)

subjects = Table(
    "exams_subject",
    metadata,
    Column("exam_id", ForeignKey("exams_exam.id"), primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("title", String(100), nullable=False),
    Column("paper_set_id", String(40)),
    Column("mock_paper_set_id", String(40)),
)

agreements = Table(
    "exams_agreement",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", ForeignKey("exams_exam.id"), nullable=False, index=True),
    Column("number", String(100), nullable=False),
    Column("commissioner", String(200), nullable=False),
    Column("operator", String(200), nullable=False),
    Column("signed_on", String(10), nullable=False),  # ISO 8601
    Column("file_key", String(200), nullable=False),
    Column("file_name", String(200), nullable=False),
    Column("file_media_type", String(60), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("file_sha256", String(64), nullable=False),
    Column("registered_by", String(40), nullable=False),
    Column("registered_at", UtcInstant, nullable=False),
    Column("superseded_at", UtcInstant),
)

sittings = Table(
    "exams_sitting",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", ForeignKey("exams_exam.id"), nullable=False, index=True),
    Column("kind", String(8), nullable=False),
    Column("title", String(100), nullable=False),
    Column("subject_codes", JsonDocument, nullable=False),
    # The papers, copied from the subjects when the sitting opens: a later choice changes no sitting that is open.
    Column("papers", JsonDocument),
    Column("starts_at", UtcInstant, nullable=False),
    Column("last_deadline", UtcInstant, nullable=False),
    Column("rules", JsonDocument, nullable=False),
    Column("state", String(12), nullable=False),
    Column("capacity", Integer),
    Column("version", Integer, nullable=False),
    Column("lock_proposed_by", String(40), nullable=False),
    Column("locked_by", String(40), nullable=False),
    Index("ix_exams_sitting_state_starts_at", "state", "starts_at"),
)

transitions = Table(
    "exams_transition",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("origin", String(12), nullable=False),
    Column("target", String(12), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("actor", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)

mock_bookings = Table(
    "exams_mock_booking",
    metadata,
    Column("candidate_id", String(40), primary_key=True),
    Column("sitting_id", ForeignKey("exams_sitting.id"), nullable=False, index=True),
    Column("booked_at", UtcInstant, nullable=False),
)

mock_clearances = Table(
    "exams_mock_clearance",
    metadata,
    Column("candidate_id", String(40), nullable=False),
    Column("exam_id", String(40), nullable=False, index=True),
    Column("kind", String(12), nullable=False),
    Column("at", UtcInstant, nullable=False),
    Column("attempt_id", String(40)),
    Column("waived_by", String(40)),
    Column("reason", Text, nullable=False),
    UniqueConstraint("candidate_id", "kind"),
)
