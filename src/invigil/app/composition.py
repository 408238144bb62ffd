"""From settings to ports: the one place that picks adapters."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from invigil.app.features import JOB_KINDS, RECURRING_JOBS
from invigil.app.installation import SchemaBehindError, check_installation, check_schema, is_installed
from invigil.platform.blobs import SealedBlobs, open_blob_store
from invigil.platform.bus import Bus
from invigil.platform.clock import Clock, SystemClock
from invigil.platform.db import Database
from invigil.platform.events import EventHub
from invigil.platform.jobs import Jobs
from invigil.platform.keys import KeyringError, KeyringFile, Keys, create_keyring, load_keyring, read_or_make_seal
from invigil.platform.media import open_media_store
from invigil.platform.ports import Ports
from invigil.platform.presence import Presence
from invigil.platform.room import Room
from invigil.platform.settings import Settings

# Nothing this process writes is for other users of the machine.
UMASK = 0o077
# A process that may not start says why and ends.
CANNOT_START = (KeyringError, SchemaBehindError)


async def open_keys(settings: Settings) -> Keys:
    """Unseal the keyring; draw a new one only where nothing has been written yet.

    Raises: KeyringError - no key, no start: the keyring is missing beside existing records, or the seal does not open it.
    """
    path = settings.keyring_path
    seal = read_seal(settings)
    if path.exists() or await is_installed(settings.database_url):
        file = KeyringFile(path, seal)
        return Keys(file.load(), file)
    material = create_keyring(path, seal)
    return Keys(material, KeyringFile(path, seal))


def load_keys(settings: Settings) -> Keys:
    """Unseal the keyring of an installation that is there.

    Raises: KeyringError - there is none, or its seal does not open it.
    """
    return Keys(load_keyring(settings.keyring_path, read_seal(settings)))


def read_seal(settings: Settings) -> bytes:
    """Return the seal: the passphrase, or the seal file, made at first start."""
    if settings.keys.passphrase is not None:
        return settings.keys.passphrase.get_secret_value().encode()
    if settings.keyring_path.exists() and not settings.seal_path.exists():
        raise KeyringError(f"找不到封条 {settings.seal_path}，系统不会启动（the keyring is here, its seal is not）")
    return read_or_make_seal(settings.seal_path)


def build_ports(settings: Settings, keys: Keys, clock: Clock | None = None) -> Ports:
    """Choose the adapters; opens nothing yet."""
    clock = clock or SystemClock()
    hub = EventHub()
    room = Room(settings.data_folder, settings.reserved_mb << 20)
    db = Database(settings.database_url, clock=clock, keys=keys, hub=hub, room=room)
    jobs = Jobs()
    for kind in JOB_KINDS:
        jobs.register(kind)
    for interval, kind in RECURRING_JOBS:
        jobs.every(interval, kind)
    blobs = SealedBlobs(open_blob_store(settings.blobs_url, room), keys)
    return Ports(
        settings=settings,
        clock=clock,
        keys=keys,
        db=db,
        hub=hub,
        blobs=blobs,
        media=open_media_store(settings.media_url, settings.media, keys, room),
        bus=Bus(),
        presence=Presence(),
        jobs=jobs,
        room=room,
    )


@asynccontextmanager
async def opened_ports(settings: Settings) -> AsyncIterator[Ports]:
    """The ports of one process over a migrated database, closed at the end.

    Raises: KeyringError - the keyring is missing, or is not the one these records were sealed with; SchemaBehindError.
    """
    os.umask(UMASK)
    await check_schema(settings.database_url)
    Path(settings.data_folder).mkdir(parents=True, exist_ok=True)
    ports = build_ports(settings, await open_keys(settings))
    try:
        async with ports.db.transaction() as tx:
            await check_installation(tx)
        yield ports
    finally:
        await ports.db.dispose()
