"""Look at a ZIP archive's own tables before any library opens it.

Python 3.11.7's `zipfile` lacks the overlap check (CVE-2024-0450), believes declared sizes, and hands out hostile names. This
reads the end record and the central directory itself, compares every local header, and refuses before a byte is inflated.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from invigil.kernel.refusals import Refusal

MEGABYTE = 1024 * 1024
_END_SIGNATURE, _CENTRAL_SIGNATURE, _LOCAL_SIGNATURE = b"PK\x05\x06", b"PK\x01\x02", b"PK\x03\x04"
_END_BYTES, _CENTRAL_BYTES, _LOCAL_BYTES = 22, 46, 30
_LONGEST_COMMENT = 65_535
_ENCRYPTED, _STRONGLY_ENCRYPTED, _UTF8_NAMES = 0x1, 0x40, 0x800
_STORED, _DEFLATED = 0, 8
_UNIX_PATH, _LINK_MODE, _TYPE_MASK = 0x7075, 0o120000, 0o170000


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may hold. Sizes are bytes after inflation; ratio is inflated by stored bytes."""

    members: int = 2_000
    member_bytes: int = 256 * MEGABYTE
    total_bytes: int = 512 * MEGABYTE
    # XML sheets of repeated rows reach about 60; a bomb starts at 1,000.
    ratio: int = 250


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One checked entry. name: as written, `/` between folders; starts, stored_bytes: its data in the archive."""

    name: str
    header_starts: int
    starts: int
    stored_bytes: int
    real_bytes: int
    checksum: int
    is_deflated: bool
    is_folder: bool


class ArchiveNotReadable(Refusal):
    """The bytes are no ZIP archive, or a damaged one."""

    code = "sandbox.archive_not_readable"
    zh = "文件已损坏或不是有效的压缩格式（{reason_zh}）。请用 Excel、Word 或压缩软件重新保存后上传。"
    en = "The file is damaged or not a ZIP-based format ({reason_en})."


class ArchiveUnsafe(Refusal):
    """The archive is built in a way that only attacks are."""

    code = "sandbox.archive_unsafe"
    zh = "文件结构异常，已拒绝读取（{reason_zh}）。请用 Excel、Word 或压缩软件重新保存后上传。"
    en = "The file is built in an unsafe way and was not opened ({reason_en})."


class ArchiveTooLarge(Refusal):
    """The archive would inflate beyond the limits."""

    code = "sandbox.archive_too_large"
    status: ClassVar[int] = 413
    zh = "压缩包超出限制（{reason_zh}）。请拆分后分批上传。"
    en = "The archive is beyond its limits ({reason_en}); split it."


def check_archive(archive: bytes, limits: ArchiveLimits | None = None) -> list[ArchiveMember]:
    """Return the archive's entries in order of the central directory, each of them safe to read with `extract_member`.

    archive: the whole file. limits: defaults suit an Excel or Word file.
    Raises: ArchiveNotReadable - no or damaged tables; ArchiveUnsafe - overlapping, encrypted, linked, renamed or
    path-escaping entries, unknown methods; ArchiveTooLarge - counts, sizes or ratio.
    Source: P15; CVE-2024-0450.
    """
    limits = limits or ArchiveLimits()
    count, directory_starts, directory_ends = _find_directory(archive)
    if count > limits.members:
        raise ArchiveTooLarge(reason_zh=f"文件数超过 {limits.members}", reason_en=f"more than {limits.members} files")
    members = [
        _check_member(archive, record, directory_starts) for record in _records(archive, count, directory_starts)
    ]
    if _end_of_records(archive, count, directory_starts) != directory_ends:
        raise _damaged("目录长度不符", "directory length")
    _check_overlap(members)
    _check_names(members)
    _check_sizes(members, limits)
    return members


def extract_member(archive: bytes, member: ArchiveMember) -> bytes:
    """Return the inflated bytes of a checked entry; never more than it declared.

    Raises: ArchiveNotReadable - the data does not inflate to its declared size and checksum.
    """
    stored = archive[member.starts : member.starts + member.stored_bytes]
    if not member.is_deflated:
        content = stored
    else:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = inflater.decompress(stored, member.real_bytes + 1)
        except zlib.error as fault:
            raise _damaged("压缩内容损坏", "deflate stream") from fault
    if len(content) != member.real_bytes or zlib.crc32(content) != member.checksum:
        raise _damaged("内容与校验值不符", "size or checksum")
    return content


def _damaged(reason_zh: str, reason_en: str) -> ArchiveNotReadable:
    return ArchiveNotReadable(reason_zh=reason_zh, reason_en=reason_en)


def _unsafe(reason_zh: str, reason_en: str) -> ArchiveUnsafe:
    return ArchiveUnsafe(reason_zh=reason_zh, reason_en=reason_en)


def _find_directory(archive: bytes) -> tuple[int, int, int]:
    """Return (entries, start, end) of the central directory."""
    at = archive.rfind(_END_SIGNATURE, max(0, len(archive) - _END_BYTES - _LONGEST_COMMENT))
    if at < 0 or at + _END_BYTES > len(archive):
        raise _damaged("找不到压缩目录", "no end record")
    disk, start_disk, here, count, size, starts, comment = struct.unpack("<4xHHHHIIH", archive[at : at + _END_BYTES])
    if at + _END_BYTES + comment != len(archive):
        raise _damaged("文件末尾有多余或缺失的内容", "trailing or missing bytes")
    if disk or start_disk or here != count:
        raise _unsafe("分卷压缩包", "archive in several volumes")
    if count == 0xFFFF or 0xFFFFFFFF in (size, starts):
        raise ArchiveTooLarge(reason_zh="ZIP64 超大压缩包", reason_en="ZIP64")
    if starts + size != at:
        raise _damaged("目录位置不符", "directory offset")
    return count, starts, at


@dataclass(frozen=True, slots=True)
class _Record:
    """One central directory record, as written."""

    flags: int
    method: int
    checksum: int
    stored_bytes: int
    real_bytes: int
    mode: int
    offset: int
    raw_name: bytes
    extra: bytes
    ends: int


def _records(archive: bytes, count: int, at: int) -> Iterator[_Record]:
    for _ in range(count):
        record = _read_record(archive, at)
        at = record.ends
        yield record


def _end_of_records(archive: bytes, count: int, at: int) -> int:
    for record in _records(archive, count, at):
        at = record.ends
    return at


def _read_record(archive: bytes, at: int) -> _Record:
    head = archive[at : at + _CENTRAL_BYTES]
    if len(head) != _CENTRAL_BYTES or head[:4] != _CENTRAL_SIGNATURE:
        raise _damaged("目录项损坏", "directory record")
    (flags, method, checksum, stored, real, name_bytes, extra_bytes, comment_bytes, outer, offset) = struct.unpack(
        "<8xHH4xIIIHHH4xII", head
    )
    name_at = at + _CENTRAL_BYTES
    extra_at = name_at + name_bytes
    ends = extra_at + extra_bytes + comment_bytes
    if ends > len(archive):
        raise _damaged("目录项损坏", "directory record")
    raw_name, extra = archive[name_at:extra_at], archive[extra_at : extra_at + extra_bytes]
    return _Record(flags, method, checksum, stored, real, outer >> 16, offset, raw_name, extra, ends)


def _check_member(archive: bytes, record: _Record, directory_starts: int) -> ArchiveMember:
    if record.flags & (_ENCRYPTED | _STRONGLY_ENCRYPTED):
        raise _unsafe("文件已加密码，请取消密码后上传", "encrypted entry")
    if record.method not in (_STORED, _DEFLATED):
        raise _unsafe("不支持的压缩方式", "unknown compression method")
    if record.mode & _TYPE_MASK == _LINK_MODE:
        raise _unsafe("含有链接", "symbolic link")
    if 0xFFFFFFFF in (record.stored_bytes, record.real_bytes, record.offset):
        raise ArchiveTooLarge(reason_zh="ZIP64 超大文件", reason_en="ZIP64")
    starts = _check_local_header(archive, record)
    if starts + record.stored_bytes > directory_starts:
        raise _unsafe("内容与目录重叠", "entry runs into the directory")
    is_deflated = record.method == _DEFLATED
    if not is_deflated and record.stored_bytes != record.real_bytes:
        raise _unsafe("大小不符", "stored entry with two sizes")
    name = _read_name(record)
    return ArchiveMember(
        name=name,
        header_starts=record.offset,
        starts=starts,
        stored_bytes=record.stored_bytes,
        real_bytes=record.real_bytes,
        checksum=record.checksum,
        is_deflated=is_deflated,
        is_folder=name.endswith("/"),
    )


def _check_local_header(archive: bytes, record: _Record) -> int:
    """Return where the entry's data starts; the local header must tell the same story as the directory."""
    head = archive[record.offset : record.offset + _LOCAL_BYTES]
    if len(head) != _LOCAL_BYTES or head[:4] != _LOCAL_SIGNATURE:
        raise _damaged("文件头损坏", "local header")
    flags, method, name_bytes, extra_bytes = struct.unpack("<6xHH16xHH", head)
    name_at = record.offset + _LOCAL_BYTES
    if archive[name_at : name_at + name_bytes] != record.raw_name or method != record.method or flags & _ENCRYPTED:
        raise _unsafe("文件头与目录不一致", "local header differs from the directory")
    return int(name_at + name_bytes + extra_bytes)


def _read_name(record: _Record) -> str:
    """Return the entry's name: UTF-8 where the archive says so, else what Chinese Windows writes (GB18030)."""
    if record.flags & _UTF8_NAMES:
        encodings: tuple[str, ...] = ("utf-8",)
    else:
        unicode_name = _unicode_extra(record.extra, record.raw_name)
        if unicode_name is not None:
            return unicode_name.replace("\\", "/")
        # macOS writes UTF-8 without saying so; GB18030 names are almost never valid UTF-8.
        encodings = ("utf-8", "gb18030")
    for encoding in encodings:
        try:
            return record.raw_name.decode(encoding).replace("\\", "/")
        except UnicodeDecodeError:
            continue
    raise _damaged("文件名编码无法识别", "entry name encoding")


def _unicode_extra(extra: bytes, raw_name: bytes) -> str | None:
    """Return the name of Info-ZIP's Unicode Path field when it belongs to this raw name."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack("<HH", extra[at : at + 4])
        body = extra[at + 4 : at + 4 + size]
        if kind == _UNIX_PATH and len(body) > 5 and struct.unpack("<I", body[1:5])[0] == zlib.crc32(raw_name):
            return body[5:].decode("utf-8", errors="replace")
        at += 4 + size
    return None


def _check_overlap(members: list[ArchiveMember]) -> None:
    ends = 0
    for member in sorted(members, key=lambda entry: entry.header_starts):
        if member.header_starts < ends:
            raise _unsafe("文件内容互相重叠", "overlapping entries")
        ends = member.starts + member.stored_bytes


def _check_names(members: list[ArchiveMember]) -> None:
    seen: set[str] = set()
    for member in members:
        parts = member.name.rstrip("/").split("/")
        is_absolute = member.name.startswith("/") or (len(parts[0]) > 1 and parts[0][1] == ":")
        if is_absolute or ".." in parts or "\x00" in member.name:
            raise _unsafe("文件名含有越界路径", "path outside the archive")
        if member.name in seen:
            raise _unsafe("文件名重复", "two entries with one name")
        seen.add(member.name)


def _check_sizes(members: list[ArchiveMember], limits: ArchiveLimits) -> None:
    total = 0
    for member in members:
        total += member.real_bytes
        if member.real_bytes > limits.member_bytes or total > limits.total_bytes:
            allowed = limits.total_bytes // MEGABYTE
            raise ArchiveTooLarge(reason_zh=f"解压后超过 {allowed} MB", reason_en=f"more than {allowed} MB inflated")
        # Tiny files can deflate well without being a bomb.
        if member.real_bytes > MEGABYTE and member.real_bytes > limits.ratio * max(1, member.stored_bytes):
            raise ArchiveUnsafe(reason_zh="压缩比异常", reason_en="compression ratio of a bomb")
