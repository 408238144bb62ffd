"""Seating all candidates of a sitting: rooms of one subject, at most thirty, sizes as equal as can be."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from random import Random

from invigil.prepare.rooms.model import ROOM_CAPACITY, Person, RoomDraft


def arrange(
    people: Iterable[Person], *, seed: str, spreads_employers: bool, capacity: int = ROOM_CAPACITY
) -> list[RoomDraft]:
    """Return the rooms, numbered from 1 through the subjects in the order of their codes.

    people: any order, no duplicates, may be empty. seed: the same seed and people give the same rooms.
    spreads_employers: colleagues are dealt out over the subject's rooms, so that no room has more of an employer's people
        than it must (of g colleagues over k rooms at most ⌈g/k⌉ share one); otherwise rooms follow the ticket numbers.
    capacity: ≥ 1.
    Everybody is seated exactly once; a subject has as few rooms as the capacity allows, and their sizes differ by ≤ 1.
    Source: S4.6.
    """
    rooms: list[RoomDraft] = []
    for subject_code, members in sorted(_by_subject(people).items()):
        count = -(-len(members) // capacity)
        draw = Random(f"{seed}/{subject_code}")  # noqa: S311 - a fair shuffle that can be repeated, not a secret
        shares = _deal(members, count, draw) if spreads_employers else _cut(members, count)
        for share in shares:
            rooms.append(RoomDraft(len(rooms) + 1, subject_code, tuple(one.id for one in share)))
    return rooms


def find_persons_twice(people: Iterable[Person]) -> list[Person]:
    """Return the registrations of everybody who is registered more than once among these."""
    by_identity: dict[bytes, list[Person]] = defaultdict(list)
    for one in people:
        by_identity[one.identity_index].append(one)
    return [one for registrations in by_identity.values() if len(registrations) > 1 for one in registrations]


def normalise_employer(written: str) -> str:
    """Return an employer's name for comparing: width, case and white space do not count."""
    return "".join(unicodedata.normalize("NFKC", written).casefold().split())


def find_free_seat(taken: Iterable[int], capacity: int = ROOM_CAPACITY) -> int | None:
    """Return the lowest seat number that nobody has, None when the room is full."""
    occupied = set(taken)
    return next((number for number in range(1, capacity + 1) if number not in occupied), None)


def _by_subject(people: Iterable[Person]) -> Mapping[str, list[Person]]:
    subjects: dict[str, list[Person]] = defaultdict(list)
    for one in people:
        subjects[one.subject_code].append(one)
    return subjects


def _cut(members: Sequence[Person], count: int) -> list[list[Person]]:
    """Consecutive shares in the order of ticket numbers; the first ones are larger by one where it does not come out even."""
    ordered = sorted(members, key=lambda one: (one.ticket_number, one.id))
    size, larger = divmod(len(ordered), count)
    shares, start = [], 0
    for index in range(count):
        end = start + size + (1 if index < larger else 0)
        shares.append(ordered[start:end])
        start = end
    return shares


def _deal(members: Sequence[Person], count: int, draw: Random) -> list[list[Person]]:
    """Deal the members out like cards, employer by employer: neighbours in the pack land in different rooms."""
    groups: dict[str, list[Person]] = defaultdict(list)
    for one in sorted(members, key=lambda one: one.id):
        # Whoever names no employer has no colleagues.
        groups[one.employer or f"\0{one.id}"].append(one)
    packs = list(groups.values())
    draw.shuffle(packs)
    for pack in packs:
        draw.shuffle(pack)
    pack_of_all = [one for pack in packs for one in pack]
    shares = [pack_of_all[start::count] for start in range(count)]
    for share in shares:
        draw.shuffle(share)
    return shares
