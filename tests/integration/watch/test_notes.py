"""The notes of a sitting (监考记录): found by subject, room, kind, candidate and words; in the exports (S3.15)."""

import csv
import io
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import openpyxl

from invigil.kernel.ids import AttemptId, RoomId, SittingId, StaffId
from invigil.kernel.principals import Role
from invigil.platform.db import Transaction
from invigil.sit.answering.api import access_attempt
from invigil.watch.proctoring.model import Note, NoteKind
from invigil.watch.proctoring.store.records import insert_note
from tests.integration.serve.sat import Sat
from tests.integration.serve.test_exports import fetch, make
from tests.integration.watch.watched import Watched, open_watched
from tests.world import Person, World


@dataclass
class Written:
    """A watched room whose two candidates have seven notes; and one note of another room of the sitting."""

    watched: Watched
    names: dict[str, str]
    attempts: list[str]

    async def ask(self, who: Person | None = None, path: str = "", **params: Any) -> Any:
        given = {"sitting_id": self.watched.hall.sitting_id} | params
        return await (who or self.watched.proctor).get(f"/api/proctoring/notes{path}", params=given)

    async def texts(self, who: Person | None = None, **params: Any) -> list[str]:
        answer = await self.ask(who, **params)
        assert answer.status_code == 200, answer.text
        return [one["text"] for one in answer.json()["items"]]


async def write(world: World) -> Written:
    watched = await open_watched(world)
    (room,) = await watched.hall.desk.rooms({"id": watched.hall.sitting_id})
    other = next(one for one in room["occupants"] if one["candidate_id"] != watched.hall.candidate.principal.id)
    person = await world.candidate(other["candidate_id"], watched.hall.desk.exam_id)
    second = (await watched.hall.enter(person)).json()["attempt_id"]
    kinds = [NoteKind.MATERIALS, NoteKind.LEFT_SEAT, NoteKind.LEFT_SEAT]
    for number in range(7):
        world.clock.advance(timedelta(seconds=60))
        async with world.ports.db.transaction() as tx:
            attempt_id = watched.attempt_id if number % 2 == 0 else second
            await note(tx, watched, attempt_id, number, kinds[number % 3])
    async with world.ports.db.transaction() as tx:
        await note(tx, watched, second, 7, NoteKind.HELP, room_id="room_elsewhere", subject_code="B")
    seats = (await watched.proctor.get(f"/api/board/rooms/{watched.room_id}")).json()["seats"]
    names = {one["candidate_id"]: one["name"] for one in seats}
    whose = {watched.attempt_id: watched.hall.candidate.principal.id, second: person.principal.id}
    return Written(watched, {one: names[candidate_id] for one, candidate_id in whose.items()}, list(whose))


async def note(
    tx: Transaction,
    watched: Watched,
    attempt_id: str,
    number: int,
    kind: NoteKind,
    *,
    room_id: str = "",
    subject_code: str = "A",
) -> None:
    attempt = await access_attempt(tx, AttemptId(attempt_id))
    one = Note(
        f"note-{number}", attempt.id, SittingId(watched.hall.sitting_id), RoomId(room_id or watched.room_id), subject_code, kind,
        f"情况{number}", f"i{number}" if number else "", 10 + number, {"camera": "key"} if number == 1 else {},
        StaffId(watched.proctor.principal.id), tx.now,
    )  # fmt: skip
    await insert_note(tx, one)


async def test_the_newest_notes_come_first_and_say_whom_they_are_about(world: World) -> None:
    written = await write(world)
    first = (await written.ask(page_size=3)).json()
    # A proctor sees the notes of their rooms: the one of another room is not counted.
    assert (first["total"], [one["text"] for one in first["items"]]) == (7, ["情况6", "情况5", "情况4"])
    assert (await written.texts(page_size=3, page=3)) == ["情况0"]
    newest = first["items"][0]
    assert newest["name"] == written.names[written.attempts[0]]
    assert (newest["room_number"], newest["by_name"], newest["item"], newest["last_step"]) == (1, "李监考", "i6", 16)
    assert (await written.texts(attempt_id=written.attempts[1])) == ["情况5", "情况3", "情况1"]


async def test_notes_are_narrowed_by_subject_room_kind_and_words(world: World) -> None:
    written = await write(world)
    reviewer = await world.staff(Role.REVIEWER)
    assert len(await written.texts(reviewer)) == 8
    assert (await written.texts(reviewer, subject_code="B")) == ["情况7"]
    assert len(await written.texts(reviewer, room_id=written.watched.room_id)) == 7
    assert len(await written.texts(room_number=1)) == 7
    assert (await written.texts(reviewer, room_number=2)) == []
    assert (await written.texts(await world.staff(Role.PROCTOR), room_number=1)) == []
    assert (await written.texts(kind="materials")) == ["情况6", "情况3", "情况0"]
    assert (await written.texts(q="情况4")) == ["情况4"]
    assert len(await written.texts(q="李监考", page_size=2)) == 2
    name = written.names[written.attempts[1]]
    assert (await written.texts(q=name)) == ["情况5", "情况3", "情况1"]
    assert (await written.texts(q=name, kind="materials")) == ["情况3"]
    assert (await written.texts(q="没有这样的记录")) == []


async def test_notes_are_counted_by_subject(world: World) -> None:
    written = await write(world)
    patrol = await written.ask(written.watched.patrol, "/counts")
    assert patrol.json() == [
        {"subject_code": "A", "notes": 7, "kinds": {"materials": 3, "left_seat": 4}},
        {"subject_code": "B", "notes": 1, "kinds": {"help": 1}},
    ]
    assert [one["subject_code"] for one in (await written.ask(path="/counts")).json()] == ["A"]


async def test_notes_are_for_those_who_watch_and_judge(world: World) -> None:
    written = await write(world)
    for path in ("", "/counts"):
        assert (await written.ask(world.anonymous(), path)).status_code == 401
        for role in (Role.SUPPORT, Role.OPERATOR, Role.AUDITOR):
            assert (await written.ask(await world.staff(role), path)).status_code == 403
        for role in (Role.ADMINISTRATOR, Role.PATROL, Role.REVIEWER, Role.BOARD_OFFICIAL):
            assert (await written.ask(await world.staff(role), path)).status_code == 200
    stranger = await world.staff(Role.PROCTOR)
    assert (await written.texts(stranger)) == []
    assert (await written.ask(stranger, room_id=written.watched.room_id)).json()["code"] == "rooms.not_found"
    assert (await written.ask(sitting_id="sit_unknown")).status_code == 404


async def test_notes_are_exported_by_subject(world: World) -> None:
    written = await write(world)
    sat = Sat(written.watched.hall.desk.exam_id, written.watched.hall.sitting_id, [])  # type: ignore[arg-type]
    official = await world.staff(Role.BOARD_OFFICIAL)
    made = await make(world, official, sat, kind="notes", grouping="subject", format="csv")
    rows = list(csv.reader(io.StringIO((await fetch(official, made)).decode("utf-8-sig"))))
    assert rows[0][9:-1] == ["时间", "类别", "情况", "试题", "操作步骤", "截图", "记录人", "编号"]
    assert [row[10:-1] for row in rows[2:4]] == [
        ["离座或离开画面", "情况1", "1", "11", "1", "李监考", "note-1"],
        ["离座或离开画面", "情况2", "2", "12", "0", "李监考", "note-2"],
    ]
    assert [row[6] for row in rows[1:3]] == [written.names[one] for one in written.attempts]
    made = await make(world, official, sat, kind="notes", format="xlsx")
    book = openpyxl.load_workbook(io.BytesIO(await fetch(official, made)))
    assert sum("情况" in str(row[11].value) for row in book["监考记录"].iter_rows(min_row=5)) == 8
    made = await make(world, official, sat, kind="notes", format="pdf")
    assert made["row_count"] == 8
