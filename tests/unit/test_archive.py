"""Hostile archives are refused from their tables alone; honest ones read the same as with zipfile."""

import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.kernel.refusals import Refusal
from invigil.platform.sandbox import (
    ArchiveLimits,
    ArchiveNotReadable,
    ArchiveTooLarge,
    ArchiveUnsafe,
    check_archive,
    extract_member,
)


def zip_of(files: dict[str, bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def entry(name: bytes, content: bytes, *, flags: int = 0, method: int = 0) -> bytes:
    return (
        struct.pack(
            "<4sHHHHHIIIHH",
            b"PK\x03\x04",
            20,
            flags,
            method,
            0,
            0,
            zlib.crc32(content),
            len(content),
            len(content),
            len(name),
            0,
        )
        + name
        + content
    )


def record(
    name: bytes, content: bytes, offset: int, *, flags: int = 0, method: int = 0, mode: int = 0, real: int | None = None
) -> bytes:
    real = len(content) if real is None else real
    return (
        struct.pack(
            "<4sHHHHHHIIIHHHHHII",
            b"PK\x01\x02", 20, 20, flags, method, 0, 0, zlib.crc32(content), len(content), real, len(name), 0, 0, 0, 0, mode << 16, offset,
        )
        + name
    )  # fmt: skip


def by_hand(body: bytes, records: list[bytes]) -> bytes:
    directory = b"".join(records)
    return (
        body
        + directory
        + struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(records), len(records), len(directory), len(body), 0)
    )


@given(st.dictionaries(st.text("abc我·_-", min_size=1, max_size=8), st.binary(max_size=2000), max_size=6))
def test_honest_archives_read_the_same_as_with_zipfile(files: dict[str, bytes]) -> None:
    archive = zip_of(files)
    assert {m.name: extract_member(archive, m) for m in check_archive(archive)} == files


@given(st.binary(max_size=300), st.integers(0, 400), st.integers(0, 255))
def test_any_bytes_and_any_single_change_give_an_answer_or_a_refusal(noise: bytes, at: int, value: int) -> None:
    changed = bytearray(zip_of({"a.txt": b"hello" * 20, "b.txt": b"world"}))
    changed[at % len(changed)] = value
    for candidate in (noise, bytes(changed)):
        try:
            for member in check_archive(candidate):
                extract_member(candidate, member)
        except Refusal:
            continue


def test_overlapping_entries() -> None:
    # CVE-2024-0450: two directory records share one stretch of data ("quoted overlap").
    inner = entry(b"b", b"x" * 50)
    outer_content = inner
    outer = entry(b"a", outer_content)
    archive = by_hand(outer, [record(b"a", outer_content, 0), record(b"b", b"x" * 50, 31)])
    with pytest.raises(ArchiveUnsafe):
        check_archive(archive)


def test_same_data_listed_twice() -> None:
    body = entry(b"a", b"data")
    with pytest.raises(ArchiveUnsafe):
        check_archive(by_hand(body, [record(b"a", b"data", 0), record(b"a", b"data", 0)]))


@pytest.mark.parametrize("name", [b"../a", b"a/../../b", b"/etc/passwd", b"C:\\x", b"..\\a", b"a\x00b"])
def test_escaping_names(name: bytes) -> None:
    with pytest.raises(ArchiveUnsafe):
        check_archive(by_hand(entry(name, b"x"), [record(name, b"x", 0)]))


def test_encrypted_linked_and_exotic_entries() -> None:
    for options in ({"flags": 1}, {"method": 12}, {"mode": 0o120777}, {"real": 9}):
        body = entry(b"a", b"x", flags=options.get("flags", 0), method=options.get("method", 0))
        with pytest.raises(ArchiveUnsafe):
            check_archive(by_hand(body, [record(b"a", b"x", 0, **options)]))


def test_directory_that_contradicts_the_entries() -> None:
    with pytest.raises(ArchiveUnsafe):
        check_archive(by_hand(entry(b"a", b"x"), [record(b"b", b"x", 0)]))


def test_bomb_by_ratio_by_size_and_by_count() -> None:
    bomb = zip_of({"a": bytes(64 * 1024 * 1024)})
    with pytest.raises(ArchiveUnsafe):
        check_archive(bomb)
    with pytest.raises(ArchiveTooLarge):
        check_archive(bomb, ArchiveLimits(member_bytes=1024))
    with pytest.raises(ArchiveTooLarge):
        check_archive(zip_of({str(n): b"" for n in range(11)}), ArchiveLimits(members=10))


def test_entry_that_inflates_beyond_its_word() -> None:
    archive = bytearray(zip_of({"a": b"x" * 5000}))
    at = archive.rfind(b"PK\x01\x02")
    archive[at + 24 : at + 28] = struct.pack("<I", 100)
    (member,) = check_archive(bytes(archive))
    with pytest.raises(ArchiveNotReadable):
        extract_member(bytes(archive), member)


def test_names_from_chinese_windows_and_from_macos() -> None:
    for raw in ("照片/张三.jpg".encode("gb18030"), "照片/张三.jpg".encode()):
        (member,) = check_archive(by_hand(entry(raw, b"x"), [record(raw, b"x", 0)]))
        assert member.name == "照片/张三.jpg"


@pytest.mark.parametrize(
    "archive", [b"", b"PK", b"not an archive at all", zip_of({"a": b"x"})[:-1], zip_of({"a": b"x"}) + b"!"]
)
def test_not_an_archive(archive: bytes) -> None:
    with pytest.raises(ArchiveNotReadable):
        check_archive(archive)
