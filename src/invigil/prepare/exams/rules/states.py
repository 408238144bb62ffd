"""Where a sitting stands at an instant, and which ways lead on. Never reads a clock."""

from datetime import datetime

from invigil.prepare.exams.model import PATHS, Path, Sitting, SittingState


def compute_sitting_state(sitting: Sitting, now: datetime) -> SittingState:
    """Return the state at `now`, whatever the periodic job has or has not written yet.

    An open sitting runs from `starts_at` (included) and is closed from `closes_at` (included); other states do not move by
    time. A sitting that was never opened therefore never runs.
    """
    if sitting.state not in (SittingState.OPEN, SittingState.RUNNING):
        return sitting.state
    if now >= sitting.closes_at:
        return SittingState.CLOSED
    return SittingState.RUNNING if now >= sitting.starts_at else sitting.state


def find_path(origin: SittingState, target: SittingState) -> Path | None:
    """Return the way from one state to the other, None when there is none."""
    return next((path for path in PATHS if (path.origin, path.target) == (origin, target)), None)


def list_paths_from(origin: SittingState) -> tuple[Path, ...]:
    """Return the ways that lead out of a state."""
    return tuple(path for path in PATHS if path.origin == origin)


def list_steps_due(sitting: Sitting, now: datetime) -> tuple[SittingState, ...]:
    """Return the states that time still has to write, in order; a server that slept through T0 writes two."""
    target = compute_sitting_state(sitting, now)
    if target == sitting.state:
        return ()
    if sitting.state == SittingState.OPEN and target == SittingState.CLOSED:
        return (SittingState.RUNNING, SittingState.CLOSED)
    return (target,)
