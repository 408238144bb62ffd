"""Tables of grading."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, UniqueConstraint

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

runs = Table(
    "grading_run",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(400), nullable=False),
    # Sealed JSON of the corrections in force: answers of the key.
    Column("corrections", Sealed("grading.corrections", "grading_run/corrections/{id}"), nullable=False),
    Column("people", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    Column("begun_by", String(64), nullable=False),
    Column("begun_at", UtcInstant, nullable=False),
    Column("graded_at", UtcInstant),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_at", UtcInstant),
    Column("approved_by", String(64), nullable=False),
    Column("approved_at", UtcInstant),
    Column("withdrawn_reason", String(400), nullable=False),
    Column("statistics", JsonDocument),
    UniqueConstraint("sitting_id", "number"),
)

results = Table(
    "grading_result",
    metadata,
    Column("run_id", String(40), ForeignKey("grading_run.id"), primary_key=True),
    Column("candidate_id", String(40), primary_key=True, index=True),
    Column("attempt_id", String(40), nullable=False),
    Column("paper_set_id", String(40), nullable=False),
    Column("subject_code", String(20), nullable=False),
    Column("outcome", String(20), nullable=False),
    # Half points.
    Column("earned", Integer, nullable=False),
    Column("possible", Integer, nullable=False),
    Column("full", Integer, nullable=False),
    Column("is_passed", Boolean, nullable=False),
    Column("sheet_sha256", String(64), nullable=False),
    # Sealed: 16-bit half points per item, in presented order, then as many that were possible.
    Column("marks", Sealed("grading.marks", "grading_result/marks/{run_id}/{candidate_id}"), nullable=False),
)
