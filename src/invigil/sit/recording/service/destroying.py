"""The end of recordings: without its key a segment is noise, wherever a copy of it may lie."""

from invigil.kernel.ids import AttemptId
from invigil.platform.db import Transaction
from invigil.sit.recording import store


async def forget_take_keys(tx: Transaction, attempt_id: AttemptId) -> None:
    """Forget the keys of an attempt's takes; hashes, times and sizes stay as the proof of what there was. Repeatable.

    Source: C5.5.
    """
    await store.forget_keys(tx, attempt_id)
