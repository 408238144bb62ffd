"""Canaries: values that must never be readable in anything that the system wrote (P9)."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text

from invigil.platform.db import Database

# How recordings begin, and their parts: WebM's header, its document type, MP4's file type and fragments.
RECORDED = (b"\x1a\x45\xdf\xa3\x9f\x42\x86", b"\x42\x82\x84webm", b"ftypiso5", b"ftypmp41", b"moofmfhd")
# How pictures and packed files begin; a blob store that shows one has stored something in clear.
MAGIC = (
    b"\xff\xd8\xff\xe0\x00\x10JFIF", b"\x89PNG\r\n\x1a\n", b"PK\x03\x04\x14\x00", b"%PDF-1.", *RECORDED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hit:
    """A canary that can be read, and where."""

    place: str
    canary: bytes


def encodings_of(value: str) -> set[bytes]:
    """Return the ways in which a text would lie around: UTF-8, UTF-16, GBK, hexadecimal, base64."""
    plain = value.encode()
    return {
        plain,
        value.encode("utf-16-le"),
        value.encode("gbk", "ignore"),
        plain.hex().encode(),
        b64encode(plain)[:-4],
    }


def find_in_files(folders: Iterable[Path], values: Iterable[str], magic: Iterable[bytes] = MAGIC) -> Iterator[Hit]:
    """Yield every value and every magic number that stands in a file below the folders."""
    wanted = {one for value in values for one in encodings_of(value) if len(one) >= 6} | set(magic)
    for folder in folders:
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            yield from _find(str(path.relative_to(folder)), path.read_bytes(), wanted)


async def find_in_rows(database: Database, values: Iterable[str]) -> list[Hit]:
    """Return every value that stands in a table, whatever the engine's files look like."""
    wanted = {one for value in values for one in encodings_of(value) if len(one) >= 6}
    async with database.reading() as tx:
        if tx.dialect == "sqlite":
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        hits: list[Hit] = []
        for (table,) in (await tx.execute(text(query))).all():
            rows = (await tx.execute(text(f'SELECT * FROM "{table}"'))).all()  # noqa: S608 - names from the catalogue
            content = b"\n".join(_bytes_of(cell) for row in rows for cell in row)
            hits.extend(_find(f"table {table}", content, wanted))
        return hits


def _bytes_of(cell: object) -> bytes:
    return bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()


def _find(place: str, content: bytes, wanted: Iterable[bytes]) -> Iterator[Hit]:
    yield from (Hit(place, canary) for canary in wanted if canary in content)
