"""The keyring's file in a running process: rotations and retirements are taken up without a restart."""

from datetime import UTC, datetime
from pathlib import Path
from time import monotonic

import structlog

from invigil.platform.keys.keyring import (
    KeyMaterial,
    KeyringError,
    load_keyring,
    with_new_master_key,
    without_master_key,
    write_keyring,
)

log = structlog.get_logger()

# How long a process may go on sealing with the old key after a rotation; a look is one stat.
LOOK_EVERY_S = 2.0


class KeyringFile:
    """A keyring in its place, with the seal that opens it."""

    def __init__(self, path: Path, seal: bytes) -> None:
        self._path = path
        self._seal = seal
        self._stamp = self._read_stamp()
        self._next_look = monotonic() + LOOK_EVERY_S

    def load(self) -> KeyMaterial:
        """Unseal the keyring. Raises: KeyringError - missing, damaged, or sealed with another seal."""
        return load_keyring(self._path, self._seal)

    def rotate(self) -> KeyMaterial:
        """Add a master key, which seals from now on; processes take it up within `LOOK_EVERY_S`."""
        return self._write(with_new_master_key(self.load()))

    def retire(self, version: int) -> KeyMaterial:
        """Drop an older master key. Raises: ValueError - unknown, or the newest."""
        return self._write(without_master_key(self.load(), version))

    @property
    def changed_at(self) -> datetime:
        """When the file was last written, aware UTC."""
        return datetime.fromtimestamp(self._path.stat().st_mtime, UTC)

    def read_if_changed(self, *, now: bool = False) -> KeyMaterial | None:
        """Return the material when the file is another one than at the last look; None otherwise.

        now: look although the last look was a moment ago. A file that does not open is logged and changes nothing: what is
        held in memory still works.
        """
        if not now and monotonic() < self._next_look:
            return None
        self._next_look = monotonic() + LOOK_EVERY_S
        stamp = self._read_stamp()
        if stamp == self._stamp:
            return None
        self._stamp = stamp
        try:
            return self.load()
        except KeyringError:
            log.exception("platform.keys.reload_failed")
            return None

    def _write(self, material: KeyMaterial) -> KeyMaterial:
        write_keyring(self._path, self._seal, material)
        # Whoever changes it here uses it here at once.
        self._next_look = 0.0
        return material

    def _read_stamp(self) -> tuple[int, int]:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_ino)
