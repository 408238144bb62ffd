"""The ports of one process, chosen in `app` and handed to whoever needs the outside world."""

from dataclasses import dataclass

from invigil.platform.blobs import SealedBlobs
from invigil.platform.bus import Bus
from invigil.platform.clock import Clock
from invigil.platform.db import Database
from invigil.platform.events import EventHub
from invigil.platform.jobs import Jobs
from invigil.platform.keys import Keys
from invigil.platform.media import MediaStore
from invigil.platform.presence import Presence
from invigil.platform.room import Room
from invigil.platform.settings import Settings


@dataclass(frozen=True, slots=True)
class Ports:
    """Everything through which a process reaches the outside world."""

    settings: Settings
    clock: Clock
    keys: Keys
    db: Database
    hub: EventHub
    blobs: SealedBlobs
    media: MediaStore
    bus: Bus
    presence: Presence
    jobs: Jobs
    room: Room
