"""Tables of review."""

from sqlalchemy import BigInteger, Column, Integer, String, Table, UniqueConstraint

from invigil.platform.db import Sealed, UtcInstant, metadata

REASON_PLACE = "review_verdict/reason/{attempt_id}/{edition}/{round}/{source}/{mark_id}"
TEXT_PLACE = "review_finding/text/{id}"
REOPENING_PLACE = "review_edition/reason/{attempt_id}/{number}"

# A case that is opened again begins a new edition; what was decided before stays, and no longer counts.
editions = Table(
    "review_edition",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sitting_id", String(40), nullable=False),
    Column("reason", Sealed("review.reason", REOPENING_PLACE), nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", UtcInstant, nullable=False),
)

verdicts = Table(
    "review_verdict",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("round", Integer, primary_key=True, autoincrement=False),
    Column("source", String(8), primary_key=True),
    Column("mark_id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("decision", String(8), nullable=False),
    Column("breach", String(24), nullable=False),
    Column("reason", Sealed("review.reason", REASON_PLACE), nullable=False),
    Column("reviewer", String(40), nullable=False),
    Column("decided_at", UtcInstant, nullable=False),
)

findings = Table(
    "review_finding",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("attempt_id", String(40), nullable=False, index=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("from_ms", BigInteger, nullable=False),
    Column("to_ms", BigInteger, nullable=False),
    Column("text", Sealed("review.text", TEXT_PLACE), nullable=False),
    Column("reviewer", String(40), nullable=False),
    Column("made_at", UtcInstant, nullable=False),
)

rounds = Table(
    "review_round",
    metadata,
    Column("attempt_id", String(40), primary_key=True),
    Column("edition", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("reviewer", String(40), nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("finished_at", UtcInstant, nullable=False),
    UniqueConstraint("attempt_id", "edition", "reviewer"),
)
