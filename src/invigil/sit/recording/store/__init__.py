"""SQL of recordings."""

from invigil.sit.recording.store.changes import (
    insert_changes,
    insert_conflicts,
    insert_gaps,
    list_changes,
    list_conflicts,
    list_gaps,
)
from invigil.sit.recording.store.segments import (
    Stretch,
    insert_segments,
    list_segments,
    list_stretches,
    read_hashes,
)
from invigil.sit.recording.store.takes import (
    count_takes,
    forget_keys,
    insert_take,
    list_takes,
    list_takes_of_sitting,
    read_takes,
    read_takes_locked,
    update_takes,
)

__all__ = [
    "Stretch",
    "count_takes",
    "forget_keys",
    "insert_changes",
    "insert_conflicts",
    "insert_gaps",
    "insert_segments",
    "insert_take",
    "list_changes",
    "list_conflicts",
    "list_gaps",
    "list_segments",
    "list_stretches",
    "list_takes",
    "list_takes_of_sitting",
    "read_hashes",
    "read_takes",
    "read_takes_locked",
    "update_takes",
]
