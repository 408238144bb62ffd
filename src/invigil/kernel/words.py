"""What a code is called when people read it."""

from typing import NamedTuple


class Words(NamedTuple):
    """A name in both languages, never empty unless there is nothing to say."""

    zh: str
    en: str


NOTHING_TO_SAY = Words("", "")
