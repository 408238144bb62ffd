"""What 《考场安排确认单》 says, and how two versions differ. The content is canonical JSON: its SHA-256 names it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from invigil.kernel.canonical import digest_canonical
from invigil.kernel.ids import CandidateId, ExamId, RoomId
from invigil.prepare.rooms.model import ROOM_CAPACITY, Room, Seat


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting as the sheet shows it. starts_at_zh: Beijing time, written out. duration: without extra time."""

    sitting_id: str
    title: str
    starts_at_zh: str
    duration: timedelta
    rooms: Sequence[Room]
    seats: Sequence[Seat]


def format_number(exam_id: ExamId, version: int) -> str:
    """Return the document number: the examination's last six characters and the version."""
    return f"KCQR-{exam_id[-6:]}-V{version:02d}"


def build_content(
    exam_title: str,
    agreement_number: str,
    sittings: Sequence[SittingFacts],
    subject_titles: Mapping[str, str],
    proctor_names: Mapping[str, str],
) -> dict[str, Any]:
    """Return the content of a sheet: canonical JSON values.

    sittings: real ones by start. Every room carries the digest of who sits where, so that any change shows.
    """
    written = [_sitting(one, proctor_names) for one in sittings]
    by_subject: dict[str, int] = {}
    for sitting in written:
        for room in sitting["rooms"]:
            by_subject[room["subject"]] = by_subject.get(room["subject"], 0) + room["candidates"]
    return {
        "v": 1,
        "exam": exam_title,
        "agreement": agreement_number,
        "capacity": ROOM_CAPACITY,
        "sittings": written,
        "subjects": [
            {"code": code, "title": subject_titles.get(code, code), "candidates": by_subject[code]}
            for code in sorted(by_subject)
        ],
        "rooms": sum(len(sitting["rooms"]) for sitting in written),
        "candidates": sum(by_subject.values()),
        "proctors": len({name for one in sittings for room in one.rooms for name in room.proctor_ids}),
    }


def _sitting(facts: SittingFacts, proctor_names: Mapping[str, str]) -> dict[str, Any]:
    seats: dict[RoomId, list[tuple[int, CandidateId]]] = {}
    for seat in facts.seats:
        seats.setdefault(seat.room_id, []).append((seat.seat_number, seat.candidate_id))
    rooms = [
        {
            "id": room.id,
            "number": room.number,
            "subject": room.subject_code,
            "candidates": len(seats.get(room.id, ())),
            "proctors": [{"id": one, "name": proctor_names.get(one, one)} for one in room.proctor_ids],
            "seats_sha256": digest_canonical([list(pair) for pair in sorted(seats.get(room.id, ()))]),
        }
        for room in facts.rooms
    ]
    return {
        "id": facts.sitting_id,
        "title": facts.title,
        "starts_at": facts.starts_at_zh,
        "minutes": int(facts.duration.total_seconds()) // 60,
        "rooms": rooms,
        "candidates": sum(len(pairs) for pairs in seats.values()),
    }


def list_differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return in Chinese how `after` differs from `before`, room by room; empty when the contents are the same."""
    lines: list[str] = []
    if before["candidates"] != after["candidates"]:
        lines.append(f"考生总数：{before['candidates']} 人 → {after['candidates']} 人")
    for field, name in (("exam", "考试名称"), ("agreement", "协议编号")):
        if before[field] != after[field]:
            lines.append(f"{name}：{before[field]} → {after[field]}")
    old = {one["id"]: one for one in before["sittings"]}
    new = {one["id"]: one for one in after["sittings"]}
    for sitting_id in dict.fromkeys([*old, *new]):
        lines.extend(_compare_sittings(old.get(sitting_id), new.get(sitting_id)))
    return lines


def list_sitting_changes(signed: Mapping[str, Any], now: Sequence[SittingFacts]) -> list[str]:
    """Return in Chinese what is different about the sittings themselves, rooms apart, since a content was signed."""
    old = {one["id"]: one for one in signed["sittings"]}
    lines = [f"新增场次：{one.title}" for one in now if one.sitting_id not in old]
    lines += [f"取消场次：{old[one]['title']}" for one in old.keys() - {facts.sitting_id for facts in now}]
    for facts in now:
        if facts.sitting_id in old:
            lines += _compare_heads(old[facts.sitting_id], _sitting(facts, {}))
    return lines


def _compare_heads(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [
        f"{new['title']}　{name}：{old[field]} → {new[field]}"
        for field, name in (("title", "名称"), ("starts_at", "开考时间"), ("minutes", "时长（分钟）"))
        if old[field] != new[field]
    ]


def _compare_sittings(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    if old is None or new is None:
        present = new or old or {}
        word = "新增场次" if old is None else "取消场次"
        return [f"{word}：{present['title']}（{len(present['rooms'])} 个考场，{present['candidates']} 人）"]
    lines = _compare_heads(old, new)
    before = {room["number"]: room for room in old["rooms"]}
    after = {room["number"]: room for room in new["rooms"]}
    for number in sorted({*before, *after}):
        change = _compare_rooms(before.get(number), after.get(number))
        if change:
            lines.append(f"{new['title']}　{number} 号考场：{change}")
    return lines


def _compare_rooms(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> str:
    if old is None or new is None:
        return f"新增（{new['candidates']} 人）" if new is not None else "取消"
    changes = []
    if old["subject"] != new["subject"]:
        changes.append(f"科目 {old['subject']} → {new['subject']}")
    if old["candidates"] != new["candidates"]:
        changes.append(f"人数 {old['candidates']} → {new['candidates']}")
    elif old["seats_sha256"] != new["seats_sha256"]:
        changes.append("考生或座位有调整")
    if old["proctors"] != new["proctors"]:
        changes.append(f"监考 {_names(old)} → {_names(new)}")
    return "，".join(changes)


def _names(room: Mapping[str, Any]) -> str:
    return "、".join(one["name"] for one in room["proctors"]) or "无"
