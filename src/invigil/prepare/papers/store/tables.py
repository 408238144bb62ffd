"""Tables of papers."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, LargeBinary, String, Table

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

blueprints = Table(
    "papers_blueprint",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("subject_code", String(20), nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("document", JsonDocument, nullable=False),
    Column("version", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("edited_at", UtcInstant, nullable=False),
    Column("archived_at", UtcInstant),
)

sets = Table(
    "papers_set",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("blueprint_id", String(40), ForeignKey("papers_blueprint.id"), nullable=False, index=True),
    Column("subject_code", String(20), nullable=False, index=True),
    Column("title", String(100), nullable=False),
    Column("blueprint", JsonDocument, nullable=False),
    Column("state", String(16), nullable=False),
    Column("expected_people", Integer, nullable=False),
    Column("algorithm", String(40), nullable=False),
    # Seed and key of the set, sealed; empty in a draft.
    Column("seed", Sealed("papers.seed", "papers_set/seed/{id}"), nullable=False),
    Column("key", Sealed("papers.key", "papers_set/key/{id}"), nullable=False),
    Column("pool", JsonDocument),
    Column("pool_digest", String(64), nullable=False),
    Column("pool_count", Integer, nullable=False),
    Column("plan", JsonDocument),
    Column("coverage", JsonDocument),
    Column("paper_count", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("generated_at", UtcInstant),
    Column("proofed_by", String(64), nullable=False),
    Column("proofed_at", UtcInstant),
    Column("locked_by", String(64), nullable=False),
    Column("locked_at", UtcInstant),
    Column("sealed_at", UtcInstant),
)

batches = Table(
    "papers_batch",
    metadata,
    Column("paper_set_id", String(40), ForeignKey("papers_set.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("candidate_ids", JsonDocument, nullable=False),
    Column("is_complete", Boolean, nullable=False),
    Column("made_at", UtcInstant, nullable=False),
)

papers = Table(
    "papers_paper",
    metadata,
    Column("paper_set_id", String(40), ForeignKey("papers_set.id"), primary_key=True),
    Column("candidate_id", String(40), primary_key=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("batch", Integer, nullable=False),
    # The compact paper under a key of the set: nonce (12 bytes) and ciphertext.
    Column("body", LargeBinary, nullable=False),
)
