"""What the web process looks after by itself, every second: the end of time.

It runs here and not in the worker, because the pages that must hear of it are connected here. On several web processes all
of them sweep; the transaction decides, so nothing happens twice.
"""

import asyncio

import structlog

from invigil.platform.ports import Ports
from invigil.sit.answering.api import hand_in_what_is_due

log = structlog.get_logger()
EVERY_S = 1.0


async def hand_in_forever(ports: Ports) -> None:
    """Hand in what is due until cancelled; a fault is logged and the next turn comes."""
    while True:
        try:
            await hand_in_what_is_due(ports.db)
        except Exception:
            log.exception("app.sweep.failed")
        await asyncio.sleep(EVERY_S)
