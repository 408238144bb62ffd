"""Who watches whom: what the gate asks before a proctor reaches an attempt, a room or a candidate (P8)."""

from collections.abc import Mapping

from invigil.kernel.ids import AttemptId, CandidateId, RoomId, StaffId
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.prepare.candidates.api import CandidateNotFound
from invigil.prepare.rooms.api import RoomNotFound, list_rooms_of_proctor, list_seats_of_candidate
from invigil.sit.answering.api import access_attempt


class RoomRelations:
    """Answers from the rooms as they are staffed now."""

    async def check_own_room(self, tx: Transaction, who: Principal, named: Mapping[str, str]) -> None:
        """Pass when all that is named belongs to a room that `who` watches.

        Raises: AttemptNotFound; RoomNotFound, CandidateNotFound - also in a room of others.
        Source: P8, C5.5.
        """
        if not named.keys() & {"attempt_id", "room_id", "candidate_id"}:
            return
        own = {room.id for room in await list_rooms_of_proctor(tx, StaffId(who.id))}
        if "attempt_id" in named and (await access_attempt(tx, AttemptId(named["attempt_id"]))).room_id not in own:
            raise RoomNotFound
        if "room_id" in named and RoomId(named["room_id"]) not in own:
            raise RoomNotFound
        if "candidate_id" in named:
            seats = await list_seats_of_candidate(tx, CandidateId(named["candidate_id"]))
            if own.isdisjoint(seat.room_id for seat in seats):
                raise CandidateNotFound
