"""Tables of candidates. Names, identity and telephone numbers are ciphertext; equal ones are found by blind index (S2.2, P9)."""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table, UniqueConstraint

from invigil.platform.db import JsonDocument, Sealed, UtcInstant, metadata

candidates = Table(
    "candidates_candidate",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False),
    Column("subject_code", String(32), nullable=False),
    Column("ticket_number", String(24), nullable=False),
    Column("state", String(16), nullable=False),
    Column("employer", String(100), nullable=False),
    Column("name", Sealed("candidates.name", "candidates_candidate/name/{id}"), nullable=False),
    Column(
        "identity_number",
        Sealed("candidates.identity_number", "candidates_candidate/identity_number/{id}"),
        nullable=False,
    ),
    Column("phone", Sealed("candidates.phone", "candidates_candidate/phone/{id}"), nullable=False),
    # Blind indexes: the whole name, its first character, its first two; the number, its last four; the telephone number.
    Column("name_index", LargeBinary(32), nullable=False),
    Column("surname_index", LargeBinary(32), nullable=False),
    Column("name_start_index", LargeBinary(32), nullable=False),
    Column("identity_index", LargeBinary(32), nullable=False),
    Column("identity_tail_index", LargeBinary(32), nullable=False),
    Column("phone_index", LargeBinary(32), nullable=True),
    # Blob key; "" when there is no photo.
    Column("photo_key", String(200), nullable=False, server_default=""),
    Column("photo_width", Integer, nullable=False, server_default="0"),
    Column("photo_height", Integer, nullable=False, server_default="0"),
    Column("import_id", String(40), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    UniqueConstraint("exam_id", "ticket_number"),
    UniqueConstraint("exam_id", "identity_index", "subject_code"),
    # Counts by subject, state and missing photo are answered from this index alone.
    Index(None, "exam_id", "subject_code", "state", "photo_key"),
    Index(None, "exam_id", "employer"),
    Index(None, "exam_id", "name_index"),
    Index(None, "exam_id", "name_start_index"),
    Index(None, "exam_id", "surname_index"),
    Index(None, "exam_id", "identity_tail_index"),
    Index(None, "exam_id", "phone_index"),
)

imports = Table(
    "candidates_import",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("exam_id", String(40), nullable=False, index=True),
    Column("kind", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    # Sealed: people put names into file names.
    Column("file_name", Sealed("candidates.file_name", "candidates_import/file_name/{id}"), nullable=False),
    Column("file_bytes", Integer, nullable=False),
    Column("options", JsonDocument, nullable=False),
    Column("counts", JsonDocument, nullable=False),
    # Why the file was refused, "" otherwise: a sentence without personal data.
    Column("refusal_zh", String(500), nullable=False, server_default=""),
    Column("refusal_en", String(500), nullable=False, server_default=""),
    Column("job_id", String(40), nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcInstant, nullable=False),
    Column("changed_at", UtcInstant, nullable=False),
    # When the uploaded file and what was made of it were deleted by date.
    Column("source_deleted_at", UtcInstant),
)

# The last serial number of an examination's tickets, so that a number is never given twice.
serials = Table(
    "candidates_serial",
    metadata,
    Column("exam_id", String(40), primary_key=True),
    Column("last", Integer, nullable=False),
)
