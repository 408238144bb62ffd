"""Reading files that nobody vouches for: a limited child process, and a look at an archive before it is opened (P15)."""

from invigil.platform.sandbox.archive import (
    ArchiveLimits,
    ArchiveMember,
    ArchiveNotReadable,
    ArchiveTooLarge,
    ArchiveUnsafe,
    check_archive,
    extract_member,
)
from invigil.platform.sandbox.limited import SandboxCrashed, SandboxTooLarge, SandboxTooSlow, run_limited

__all__ = [
    "ArchiveLimits",
    "ArchiveMember",
    "ArchiveNotReadable",
    "ArchiveTooLarge",
    "ArchiveUnsafe",
    "SandboxCrashed",
    "SandboxTooLarge",
    "SandboxTooSlow",
    "check_archive",
    "extract_member",
    "run_limited",
]
