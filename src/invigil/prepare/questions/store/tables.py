"""Tables of the question bank. Texts and answers are sealed; what assembly and filters need stands in clear."""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

questions = Table(
    "questions_question",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),
    # The current version, and of it what lists are filtered by and papers are assembled from.
    Column("version_id", String(40), nullable=False),
    Column("version_number", Integer, nullable=False),
    Column("type", String(16), nullable=False),
    Column("knowledge_area", String(64), nullable=False),
    Column("difficulty", Integer, nullable=False),
    # "s4,m5,t0,f2": per item its type's letter and its number of options or blanks.
    Column("items", String(200), nullable=False),
    Column("fingerprint", LargeBinary(32), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    Index(None, "state", "type", "knowledge_area", "difficulty"),
    Index(None, "fingerprint"),
    Index(None, "changed_at"),
)

subjects = Table(
    "questions_subject",
    metadata,
    Column("subject_code", String(8), primary_key=True),
    Column("question_id", String(40), ForeignKey("questions_question.id"), primary_key=True),
    Index(None, "question_id"),
)

versions = Table(
    "questions_version",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("question_id", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("type", String(16), nullable=False),
    Column("knowledge_area", String(64), nullable=False),
    Column("difficulty", Integer, nullable=False),
    Column("subject_codes", JsonDocument, nullable=False),
    Column("source", String(500), nullable=False),
    Column("content", Sealed("questions.content", "questions_version/content/{id}"), nullable=False),
    Column("answer_key", Sealed("questions.answer_key", "questions_version/answer_key/{id}"), nullable=False),
    # The stem's first words, sealed apart so that a list opens little.
    Column("summary", Sealed("questions.summary", "questions_version/summary/{id}"), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(40), nullable=False),
    Index(None, "question_id", "number", unique=True),
)

media = Table(
    "questions_medium",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("media_type", String(40), nullable=False),
    Column("byte_count", BigInteger, nullable=False),
    # The import that brought it, until the import is written; "" for uploads and for what has been kept.
    Column("import_id", String(40), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("created_by", String(40), nullable=False),
    Index(None, "import_id"),
)

imports = Table(
    "questions_import",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("file_name", Sealed("questions.file_name", "questions_import/file_name/{id}"), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("defaults", JsonDocument, nullable=False),
    Column("counts", JsonDocument, nullable=False),
    Column("refusal_zh", String(500), nullable=False),
    Column("refusal_en", String(500), nullable=False, server_default=""),
    Column("job_id", String(40), nullable=False),
    Column("created_by", String(40), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    # When the uploaded file and the text read from it were deleted by date.
    Column("source_deleted_at", UtcInstant),
    Index(None, "created_at"),
)

import_items = Table(
    "questions_import_item",
    metadata,
    Column("import_id", String(40), ForeignKey("questions_import.id"), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("type", String(16), nullable=False),
    Column("is_included", Boolean, nullable=False),
    Column("is_adjusted", Boolean, nullable=False),
    Column("doubt_count", Integer, nullable=False),
    Column("problem_count", Integer, nullable=False),
    Column("duplicate_count", Integer, nullable=False),
    # Sealed JSON of service.staged.StagedQuestion.
    Column("staged", Sealed("questions.staged", "questions_import_item/staged/{import_id}/{position}"), nullable=False),
    # The question it became; "" before.
    Column("question_id", String(40), nullable=False),
)
