"""SQL of recordings that leave the system."""

from invigil.serve.recordings.store.packages import (
    count_download,
    insert_file,
    insert_package,
    list_expired,
    list_files,
    list_packages,
    read_package,
    replace_file,
    write_destroyed,
    write_made,
)
from invigil.serve.recordings.store.retention import (
    insert_deletion,
    insert_hold,
    lift_hold,
    list_deletions,
    list_holds,
)

__all__ = [
    "count_download",
    "insert_deletion",
    "insert_file",
    "insert_hold",
    "insert_package",
    "lift_hold",
    "list_deletions",
    "list_expired",
    "list_files",
    "list_holds",
    "list_packages",
    "read_package",
    "replace_file",
    "write_destroyed",
    "write_made",
]
