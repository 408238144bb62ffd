"""The pool: what random assembly sees of a subject's questions."""

from functools import lru_cache

from invigil.platform.db import Transaction
from invigil.prepare.questions.model import PoolEntry, QuestionType
from invigil.prepare.questions.service.protecting import decode_items
from invigil.prepare.questions.store import bank as store

# There are few different shapes of question in a bank of any size.
_decode = lru_cache(maxsize=4_096)(decode_items)
_TYPES = {type_.value: type_ for type_ in QuestionType}


async def list_pool(tx: Transaction, subject_code: str) -> list[PoolEntry]:
    """Return the subject's active questions, by version id; nothing sealed is opened. 50,000 take well under a second."""
    return [
        PoolEntry(
            version_id,
            question_id,
            _TYPES[type_],
            area,
            difficulty,
            len(_decode(items)[0]),
            *_decode(items),
            fingerprint.hex(),
        )
        for version_id, question_id, type_, area, difficulty, items, fingerprint in await store.list_pool(
            tx, subject_code
        )
    ]
