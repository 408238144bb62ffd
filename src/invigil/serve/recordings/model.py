"""Packages of recordings, legal holds, deletions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from invigil.kernel.ids import AttemptId, JobId, SittingId, StaffId
from invigil.kernel.words import Words


class Scope(StrEnum):
    """How much a package holds."""

    CANDIDATE = "candidate"
    ROOM = "room"
    SITTING = "sitting"


SCOPES = {
    Scope.CANDIDATE: Words("一名考生", "one candidate"),
    Scope.ROOM: Words("一个考场", "one room"),
    Scope.SITTING: Words("整个场次", "a whole sitting"),
}


class PackageState(StrEnum):
    """ordered → ready → destroyed (by its date or by hand); ordered → failed when its job was refused or broke down."""

    ORDERED = "ordered"
    READY = "ready"
    FAILED = "failed"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Package:
    """One entry of the register of packages; it stays when the files are gone (C5.5, N).

    scope_id: of the attempt, room or sitting. ordered_by: the actor's kind and id. fault_count: films that could not be made;
    the manifest says which and why. total_bytes: of the ZIP.
    """

    id: str
    sitting_id: SittingId
    scope: Scope
    scope_id: str
    purpose: str
    job_id: JobId
    ordered_by: str
    ordered_by_name: str
    ordered_at: datetime
    made_at: datetime | None = None
    expires_at: datetime | None = None
    destroyed_at: datetime | None = None
    file_count: int = 0
    fault_count: int = 0
    total_bytes: int = 0
    downloads: int = 0


@dataclass(frozen=True, slots=True)
class PackagedFile:
    """A file of a package, kept sealed in pieces.

    source: what it was made of: a take's id, or "manifest". path: inside the ZIP. sha256: hexadecimal, of the plain file.
    fault: why there is no film of this take; then the file is empty and not in the ZIP. A take that was joined to the one before it
    names the same path and has no pieces of its own.
    """

    source: str
    path: str
    file_bytes: int
    crc32: int
    sha256: str
    pieces: int
    fault: str = ""

    @property
    def is_kept(self) -> bool:
        """There are bytes of this entry: neither a fault nor a part of another film."""
        return self.pieces > 0


@dataclass(frozen=True, slots=True)
class Hold:
    """A legal hold: nothing of this attempt, or of the whole sitting when attempt_id is "", is deleted while it lasts."""

    id: str
    sitting_id: SittingId
    attempt_id: AttemptId | None
    reason: str
    set_by: StaffId
    set_at: datetime
    lifted_by: StaffId | None
    lifted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Deletion:
    """Proof that recordings of a sitting were deleted (C5.5).

    objects: how many were deleted. total_bytes: together. digest: SHA-256, hexadecimal, over the hashes of every segment deleted,
    by attempt, take and position. held: attempts kept back by a hold. remaining: objects found by looking again, 0 unless
    something is wrong.
    """

    id: str
    sitting_id: SittingId
    attempts: int
    objects: int
    total_bytes: int
    digest: str
    held: int
    remaining: int
    deleted_at: datetime
