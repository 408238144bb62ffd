"""From seats to tables: which columns a kind has, how rows are grouped, what is summed up."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from invigil.kernel.points import ZERO
from invigil.serve.exports.model import (
    GROUPING_NAMES_ZH,
    KIND_NAMES,
    Cell,
    Column,
    ExportKind,
    ExportOrder,
    Grouping,
    NoteEntry,
    SeatEntry,
    Sheet,
    ViolationEntry,
)
from invigil.serve.exports.rules.marks import mask_identity, say_instant

ABSENT, TERMINATED, OPEN = "absent", "terminated", "open"
OUTCOMES_ZH = {
    "handed_in": "已交卷",
    "auto_handed_in": "到时自动交卷",
    TERMINATED: "终止考试",
    OPEN: "考核中",
    ABSENT: "缺考",
}
_NOT_GIVEN = "（未填写）"

_SEAT_COLUMNS = (
    Column("场次", 22), Column("开考时间", 20), Column("科目", 8), Column("考场", 12), Column("座位", 6),
    Column("准考证号", 18), Column("姓名", 12), Column("身份证号", 22), Column("单位", 30),
)  # fmt: skip
_OWN_COLUMNS: dict[ExportKind, tuple[Column, ...]] = {
    ExportKind.SCORES: (Column("状态", 14), Column("得分", 8), Column("满分", 8), Column("是否合格", 10)),
    ExportKind.ABSENCES: (),
    ExportKind.HAND_IN_TIMES: (
        Column("状态", 14), Column("进入时间", 20), Column("交卷时间", 20), Column("用时（分钟）", 12),
        Column("回执编号", 20), Column("答题卡 SHA-256", 66),
    ),
    ExportKind.VIOLATIONS: (
        Column("时间", 20), Column("违纪情形", 20), Column("说明", 40), Column("证据", 44), Column("处理", 14), Column("认定人", 16),
    ),
    ExportKind.NOTES: (
        Column("时间", 20), Column("类别", 18), Column("情况", 50), Column("试题", 8), Column("操作步骤", 10), Column("截图", 6),
        Column("记录人", 14), Column("编号", 34),
    ),
    ExportKind.ANSWER_SHEETS: (Column("状态", 14), Column("回执编号", 20), Column("答题卡 SHA-256", 66)),
}  # fmt: skip


def is_wanted(seat: SeatEntry, order: ExportOrder) -> bool:
    """Tell whether the order's conditions take this seat in."""
    return (
        order.subject_code in ("", seat.subject_code)
        and order.employer in ("", seat.employer)
        and order.room_name in ("", seat.room_name)
    )


def list_seats(order: ExportOrder, seats: Iterable[SeatEntry]) -> list[SeatEntry]:
    """Return the seats whose rows the file shows, group by group, then by sitting, room and seat."""
    wanted = [seat for seat in seats if is_wanted(seat, order)]
    if order.kind is ExportKind.ABSENCES:
        wanted = [seat for seat in wanted if seat.outcome == ABSENT]
    elif order.kind in (ExportKind.HAND_IN_TIMES, ExportKind.ANSWER_SHEETS):
        wanted = [seat for seat in wanted if seat.outcome != ABSENT]
    return sorted(wanted, key=lambda seat: (group_of(seat, order.grouping), _place(seat)))


def group_of(seat: SeatEntry, grouping: Grouping) -> tuple[str, ...]:
    """Return what the seat is grouped by; its last part is what people read."""
    if grouping is Grouping.SITTING:
        return (seat.starts_at.isoformat(), seat.sitting_id, seat.sitting_title)
    if grouping is Grouping.SUBJECT:
        return (seat.subject_code, f"{seat.subject_code} {seat.subject_title}".strip())
    if grouping is Grouping.EMPLOYER:
        return (seat.employer or _NOT_GIVEN,)
    room = seat.room_name or "（未编排）"
    return (seat.starts_at.isoformat(), seat.sitting_id, seat.room_name, f"{seat.sitting_title} {room}")


def say_room(number: int) -> str:
    """Return a room's name as the files show it and the order's condition names it: "003"."""
    return f"{number:03}"


def compute_details(order: ExportOrder, seats: Sequence[SeatEntry], *, is_narrow: bool = False) -> Sheet:
    """Return the rows of seats.

    seats: as `list_seats` gives them. is_narrow: answers in one cell instead of one column each (paper is only so wide).
    """
    width = 1 if is_narrow else max((len(seat.answers) for seat in seats), default=0)
    answers: list[Column] = []
    if order.kind is ExportKind.ANSWER_SHEETS:
        answers = [Column("答案", 60)] if is_narrow else [Column(f"第{number}题", 8) for number in range(1, width + 1)]
    rows = [
        [
            *_seat_cells(seat, order),
            *_own_cells(seat, order.kind),
            *_answer_cells(seat, order.kind, width, is_narrow=is_narrow),
        ]
        for seat in seats
    ]
    return Sheet(KIND_NAMES[order.kind].zh, [*_SEAT_COLUMNS, *_OWN_COLUMNS[order.kind], *answers], rows)


def compute_violations(order: ExportOrder, found: Iterable[ViolationEntry]) -> Sheet:
    """Return the rows of violations, grouped as the order says, then by time."""
    wanted = [entry for entry in found if is_wanted(entry.seat, order)]
    wanted.sort(key=lambda entry: (group_of(entry.seat, order.grouping), entry.at, _place(entry.seat)))
    rows = [
        [
            *_seat_cells(entry.seat, order), say_instant(entry.at), entry.kind, entry.reason, entry.evidence, entry.sanction,
            entry.decided_by,
        ]
        for entry in wanted
    ]  # fmt: skip
    return Sheet(KIND_NAMES[order.kind].zh, [*_SEAT_COLUMNS, *_OWN_COLUMNS[order.kind]], rows)


def compute_notes(order: ExportOrder, found: Iterable[NoteEntry]) -> Sheet:
    """Return the rows of proctors' notes, grouped as the order says, then by time."""
    wanted = [entry for entry in found if is_wanted(entry.seat, order)]
    wanted.sort(key=lambda entry: (group_of(entry.seat, order.grouping), entry.at, _place(entry.seat)))
    rows: list[list[Cell]] = [
        [
            *_seat_cells(entry.seat, order), say_instant(entry.at), entry.kind, entry.text, entry.item,
            entry.last_step or None, entry.pictures, entry.by_name, entry.note_id,
        ]
        for entry in wanted
    ]  # fmt: skip
    return Sheet(KIND_NAMES[order.kind].zh, [*_SEAT_COLUMNS, *_OWN_COLUMNS[order.kind]], rows)


def compute_summary(order: ExportOrder, seats: Iterable[SeatEntry]) -> Sheet:
    """Return one row per group over every wanted seat (the absent included), and a last row over all."""
    wanted = sorted((seat for seat in seats if is_wanted(seat, order)), key=lambda seat: group_of(seat, order.grouping))
    shows_scores = order.kind is ExportKind.SCORES
    counts: list[tuple[Column, Callable[[Sequence[SeatEntry]], Cell]]] = [
        (Column("应考"), len),
        (Column("实考"), lambda group: sum(seat.outcome != ABSENT for seat in group)),
        (Column("缺考"), lambda group: sum(seat.outcome == ABSENT for seat in group)),
        (Column("已交卷"), lambda group: sum(seat.outcome in ("handed_in", "auto_handed_in") for seat in group)),
        (Column("终止考试"), lambda group: sum(seat.outcome == TERMINATED for seat in group)),
    ]
    if shows_scores:
        counts += [
            (Column("有成绩"), lambda group: sum(seat.score is not None for seat in group)),
            (Column("合格"), lambda group: sum(seat.is_passed is True for seat in group)),
            (Column("合格率"), _say_pass_rate),
            (Column("平均分"), _say_mean),
        ]
    rows: list[list[Cell]] = []
    for key, group in groupby(wanted, key=lambda seat: group_of(seat, order.grouping)):
        members = list(group)
        rows.append([key[-1], *(count(members) for _, count in counts)])
    rows.append(["合计", *(count(wanted) for _, count in counts)])
    return Sheet("汇总", [Column(GROUPING_NAMES_ZH[order.grouping], 36), *(column for column, _ in counts)], rows)


def _place(seat: SeatEntry) -> tuple[str, str, str, int, str]:
    return (seat.starts_at.isoformat(), seat.sitting_id, seat.room_name, seat.seat_number, seat.ticket_number)


def _seat_cells(seat: SeatEntry, order: ExportOrder) -> list[Cell]:
    identity = seat.identity_number if order.shows_identity else mask_identity(seat.identity_number)
    number: Cell = seat.seat_number or None
    return [
        seat.sitting_title, say_instant(seat.starts_at), seat.subject_code, seat.room_name, number,
        seat.ticket_number, seat.name, identity, seat.employer,
    ]  # fmt: skip


def _own_cells(seat: SeatEntry, kind: ExportKind) -> list[Cell]:
    outcome = OUTCOMES_ZH.get(seat.outcome, seat.outcome)
    if kind is ExportKind.SCORES:
        passed = {True: "合格", False: "不合格", None: ""}[seat.is_passed]
        return [outcome, seat.score, seat.full_score, passed]
    if kind is ExportKind.HAND_IN_TIMES:
        return [
            outcome, say_instant(seat.entered_at), say_instant(seat.ended_at), _minutes(seat),
            seat.receipt_number, seat.sheet_sha256,
        ]  # fmt: skip
    if kind is ExportKind.ANSWER_SHEETS:
        return [outcome, seat.receipt_number, seat.sheet_sha256]
    return []


def _answer_cells(seat: SeatEntry, kind: ExportKind, width: int, *, is_narrow: bool) -> list[Cell]:
    if kind is not ExportKind.ANSWER_SHEETS:
        return []
    if is_narrow:
        return ["　".join(f"{number}.{answer or '—'}" for number, answer in enumerate(seat.answers, start=1))]
    return [*seat.answers, *[""] * (width - len(seat.answers))]


def _minutes(seat: SeatEntry) -> Cell:
    """Whole minutes from the start of answering (T0, or entering when later) to the end; none while it lasts."""
    if seat.ended_at is None or seat.entered_at is None:
        return None
    return max(0, int((seat.ended_at - max(seat.entered_at, seat.starts_at)).total_seconds())) // 60


def _say_pass_rate(group: Sequence[SeatEntry]) -> Cell:
    judged = [seat for seat in group if seat.is_passed is not None]
    if not judged:
        return ""
    per_thousand = (sum(seat.is_passed is True for seat in judged) * 2000 + len(judged)) // (2 * len(judged))
    return f"{per_thousand // 10}.{per_thousand % 10}%"


def _say_mean(group: Sequence[SeatEntry]) -> Cell:
    """The mean to two decimals, rounded half up in whole numbers: no floats near scores."""
    scores = [seat.score for seat in group if seat.score is not None]
    if not scores:
        return ""
    total = sum(scores, start=ZERO).half_points
    hundredths = (total * 100 + len(scores)) // (2 * len(scores))
    return f"{hundredths // 100}.{hundredths % 100:02}"
