"""Big files at rest: cut into pieces, each sealed and bound to its place, so that any part can be read by itself."""

from collections.abc import AsyncIterator

from invigil.platform.blobs import SealedBlobs

PIECE_BYTES = 4 << 20


def key_of(package_id: str, source: str, number: int) -> str:
    """Return the blob key of a piece."""
    return f"recordings/{package_id}/{source}/{number:05}"


def count_pieces(file_bytes: int) -> int:
    """Return in how many pieces a file of this length lies."""
    return -(-file_bytes // PIECE_BYTES)


async def keep_file(blobs: SealedBlobs, package_id: str, source: str, content: bytes) -> None:
    """Seal and store a file; durable when it returns. Stored again, it is replaced."""
    for number in range(count_pieces(len(content))):
        piece = content[number * PIECE_BYTES : (number + 1) * PIECE_BYTES]
        await blobs.put(key_of(package_id, source, number), piece)


async def read_slice(blobs: SealedBlobs, package_id: str, source: str, start: int, length: int) -> AsyncIterator[bytes]:
    """Yield the bytes from `start` on, `length` in all, opening only the pieces that hold them."""
    stop = start + length
    while start < stop:
        number, skipped = divmod(start, PIECE_BYTES)
        piece = await blobs.get(key_of(package_id, source, number))
        part = piece[skipped : skipped + stop - start]
        yield part
        start += len(part)


async def destroy_files(blobs: SealedBlobs, package_id: str) -> None:
    """Remove every piece of a package, those of a broken-off job included."""
    for key in await blobs.list(f"recordings/{package_id}"):
        await blobs.delete(key)
