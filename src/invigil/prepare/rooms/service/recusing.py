"""What staff declare, and what follows from it for rooms (C5.2)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta

from invigil.base.accounts.api import access_staff
from invigil.base.audit.api import record
from invigil.kernel.ids import CandidateId, ExamId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.prepare.candidates.api import find_registrations, read_public_cards
from invigil.prepare.rooms.model import Declaration, Proctor, Relative, Room
from invigil.prepare.rooms.model.entities import Relation
from invigil.prepare.rooms.model.refusals import IdentityNumberMalformed, RecusalViolated, RelativeNotFound
from invigil.prepare.rooms.rules.arranging import normalise_employer
from invigil.prepare.rooms.rules.declaring import is_identity_number, normalise_identity_number, normalise_name
from invigil.prepare.rooms.rules.recusal import CONFLICTS_EN, CONFLICTS_ZH, Occupants, find_conflict
from invigil.prepare.rooms.store import recusals as store

# A declaration older than this is asked for again: employers and families change.
DECLARATION_LASTS = timedelta(days=365)


async def declare_employer(tx: Transaction, who: Principal, staff_id: StaffId, employer: str) -> Declaration:
    """Write a person's employer ("" for none) and that they have declared.

    Raises: AccountNotFound.
    """
    await access_staff(tx, staff_id)
    declaration = Declaration(staff_id, employer.strip(), tx.now)
    await store.write_declaration(tx, declaration)
    await record(tx, who, act="rooms.recusal.declare", on=staff_id)
    return declaration


async def add_relative(
    tx: Transaction, who: Principal, staff_id: StaffId, *, relation: Relation, name: str, identity_number: str
) -> Relative:
    """Write a relative a person must not proctor.

    identity_number: "" when not known; then every candidate of this name counts.
    Raises: AccountNotFound, IdentityNumberMalformed.
    """
    await access_staff(tx, staff_id)
    number = normalise_identity_number(identity_number)
    if number and not is_identity_number(number):
        raise IdentityNumberMalformed
    relative = Relative(new_id("relative"), staff_id, relation, normalise_name(name), number, tx.now)
    await store.insert_relative(tx, relative)
    await record(tx, who, act="rooms.recusal.add", on=staff_id, details={"relation": relation.value})
    return relative


async def remove_relative(tx: Transaction, who: Principal, staff_id: StaffId, relative_id: str) -> None:
    """Take a declared relative back.

    Raises: RelativeNotFound.
    """
    if not await store.delete_relative(tx, staff_id, relative_id):
        raise RelativeNotFound
    await record(tx, who, act="rooms.recusal.remove", on=staff_id)


async def load_proctors(
    tx: Transaction, exam_id: ExamId, staff_ids: Collection[StaffId], names: Mapping[CandidateId, str]
) -> list[Proctor]:
    """Return these people with whom they must not watch, sorted by id.

    names: of the candidates in question; relatives without an identity number are found among them by name.
    """
    declared = await store.read_declarations(tx)
    by_name: dict[str, set[CandidateId]] = {}
    for candidate_id, name in names.items():
        by_name.setdefault(normalise_name(name), set()).add(candidate_id)
    barred: dict[StaffId, set[CandidateId]] = {one: set() for one in staff_ids}
    for relative in await store.list_relatives(tx):
        if relative.staff_id not in barred:
            continue
        if relative.identity_number:
            barred[relative.staff_id] |= set(await find_registrations(tx, exam_id, relative.identity_number))
        else:
            barred[relative.staff_id] |= by_name.get(relative.name, set())
    return [
        Proctor(one, normalise_employer(declared[one].employer) if one in declared else "", frozenset(barred[one]))
        for one in sorted(barred)
    ]


async def check_recusal(
    tx: Transaction,
    exam_id: ExamId,
    room: Room,
    candidate_ids: Sequence[CandidateId],
    staff_ids: Collection[StaffId],
) -> None:
    """Pass when each of these people may watch each of these candidates.

    Raises: RecusalViolated.
    Source: C5.2.
    """
    if not staff_ids or not candidate_ids:
        return
    cards = await read_public_cards(tx, candidate_ids)
    employers = {normalise_employer(card.employer) for card in cards.values()} - {""}
    occupants = Occupants(room.id, frozenset(cards), frozenset(employers))
    names = {one: card.name for one, card in cards.items()}
    for proctor in await load_proctors(tx, exam_id, staff_ids, names):
        conflict = find_conflict(proctor, occupants)
        if conflict is not None:
            account = await access_staff(tx, proctor.id)
            raise RecusalViolated(
                proctor=account.display_name,
                room_number=room.number,
                reason_zh=CONFLICTS_ZH[conflict],
                reason_en=CONFLICTS_EN[conflict],
            )
