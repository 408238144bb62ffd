"""Tables of packages, holds and deletions."""

from sqlalchemy import BigInteger, Column, ForeignKey, Integer, String, Table

from invigil.platform.db import Sealed, UtcInstant, metadata

NAME_PLACE = "recordings_package/ordered_by_name/{id}"
PATH_PLACE = "recordings_file/path/{package_id}/{source}"
REASON_PLACE = "recordings_hold/reason/{id}"

packages = Table(
    "recordings_package",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("scope", String(12), nullable=False),
    Column("scope_id", String(40), nullable=False),
    Column("purpose", String(200), nullable=False),
    Column("job_id", String(40), nullable=False),
    Column("ordered_by", String(96), nullable=False),
    Column("ordered_by_name", Sealed("recordings.ordered_by_name", NAME_PLACE), nullable=False),
    Column("ordered_at", UtcInstant, nullable=False),
    Column("made_at", UtcInstant),
    Column("expires_at", UtcInstant),
    Column("destroyed_at", UtcInstant),
    Column("file_count", Integer, nullable=False),
    Column("fault_count", Integer, nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("downloads", Integer, nullable=False),
)

# Rows appear one by one while the job works: what is here is not made again after a restart.
files = Table(
    "recordings_file",
    metadata,
    Column("package_id", String(40), ForeignKey("recordings_package.id"), primary_key=True),
    Column("source", String(40), primary_key=True),
    Column("path", Sealed("recordings.path", PATH_PLACE), nullable=False),
    Column("file_bytes", BigInteger, nullable=False),
    Column("crc32", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("fault", String(300), nullable=False),
)

holds = Table(
    "recordings_hold",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("attempt_id", String(40), nullable=False),
    Column("reason", Sealed("recordings.hold_reason", REASON_PLACE), nullable=False),
    Column("set_by", String(40), nullable=False),
    Column("set_at", UtcInstant, nullable=False),
    Column("lifted_by", String(40), nullable=False),
    Column("lifted_at", UtcInstant),
)

deletions = Table(
    "recordings_deletion",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("sitting_id", String(40), nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("objects", Integer, nullable=False),
    Column("total_bytes", BigInteger, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("held", Integer, nullable=False),
    Column("remaining", Integer, nullable=False),
    Column("deleted_at", UtcInstant, nullable=False),
)
