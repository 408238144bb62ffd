"""Who may book which mock slot, and until when. Pure."""

from datetime import datetime

from invigil.prepare.exams.model import MockSlot, Sitting, SittingKind, SittingState
from invigil.prepare.exams.model.refusals import NotAMockSlot, SlotBegun, SlotFull, SlotOfOtherSubject

BOOKABLE_STATES = (SittingState.LOCKED, SittingState.OPEN)


def is_offered(sitting: Sitting, subject_code: str, now: datetime) -> bool:
    """Tell whether a candidate of this subject is shown the sitting as a slot, full or not."""
    is_slot = sitting.kind == SittingKind.MOCK and sitting.state in BOOKABLE_STATES
    return is_slot and subject_code in sitting.papers and now < sitting.starts_at


def check_booking(slot: MockSlot, subject_code: str, current: Sitting | None, now: datetime) -> None:
    """Refuse or pass a booking.

    slot: as it is before this booking. current: the slot booked so far, given up by this booking; None when there is none.
    A slot can be booked, and given up, until it begins; the instant T0 is too late. Booking the same slot again passes.
    Raises: NotAMockSlot, SlotOfOtherSubject, SlotBegun, SlotFull.
    Source: S3.7; Beijing plan: missing the mock forfeits the examination, so a missed slot is not given up for another.
    """
    sitting = slot.sitting
    if sitting.kind != SittingKind.MOCK or sitting.state == SittingState.DRAFT:
        raise NotAMockSlot
    if subject_code not in sitting.papers:
        raise SlotOfOtherSubject(subject_code=subject_code)
    if now >= sitting.starts_at or sitting.state not in BOOKABLE_STATES:
        raise SlotBegun
    if current is not None and now >= current.starts_at:
        raise SlotBegun
    if slot.free == 0 and (current is None or current.id != sitting.id):
        raise SlotFull
