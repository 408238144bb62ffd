"""The checklist of an examination: what is there, what is missing, who must act. Pure; rooms adds its own items."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from invigil.kernel.principals import Role
from invigil.prepare.exams.model import (
    STATE_NAMES_ZH,
    Agreement,
    Exam,
    Sitting,
    SittingKind,
    SittingState,
    Subject,
)
from invigil.prepare.exams.rules.sitting_rules import may_leave_before_last_enters
from invigil.prepare.exams.rules.states import compute_sitting_state

# Beyond this the mock comes too late to help: whoever fails it needs time.
MOCK_BEFORE = timedelta(days=1)


class ItemState(StrEnum):
    """How an item of the checklist stands: a warning does not stand in the way of anything."""

    OK = "ok"
    MISSING = "missing"
    WARNING = "warning"


class Words(NamedTuple):
    """A text in both languages; two empty ones when there is nothing to say."""

    zh: str
    en: str


NOTHING = Words("", "")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist.

    code: stable, e.g. "agreement". detail: figures or what to do, `NOTHING` when there is nothing to add.
    who: the role that must act. link: address in the console, below /console, with its query; may be empty.
    """

    code: str
    title: Words
    state: ItemState
    detail: Words
    who: Role
    link: str


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """A paper set as the checklist sees it. papers: how many candidates have theirs."""

    is_locked: bool
    papers: int


@dataclass(frozen=True, slots=True)
class ExamFacts:
    """Everything the checklist asks about an examination.

    registered: candidates by subject. without_photo: registered without an identity photo. papers: by paper set id, of subjects and sittings.
    mock_cleared: how many registered candidates have passed the mock or were waived. signing_key_id: of the receipts.
    """

    exam: Exam
    subjects: Sequence[Subject]
    sittings: Sequence[Sitting]
    agreement: Agreement | None
    registered: Mapping[str, int]
    without_photo: int
    papers: Mapping[str, PaperFacts]
    mock_cleared: int
    signing_key_id: str


def build_checklist(facts: ExamFacts, now: datetime) -> list[ChecklistItem]:
    """Return the items of examination, candidates, papers, sittings and mock, in the order in which work is done."""
    items = [
        _agreement(facts),
        _subjects(facts),
        _candidates(facts),
        _photos(facts),
        _papers(facts),
        _sittings(facts, now),
        *_rules(facts),
    ]
    if facts.exam.is_mock_required:
        items += [_mock_slots(facts), _mock_done(facts)]
    key = Words(f"密钥编号 {facts.signing_key_id}", f"key {facts.signing_key_id}")
    items += [_locks(facts), _openings(facts, now), _dealt(facts)]
    return [*items, _item("receipt_keys", ItemState.OK, key, who=Role.OPERATOR)]


_TITLES = {
    "agreement": Words("登记《考核承办协议》", "Register the agreement"),
    "subjects": Words("设置科目", "Set the subjects"),
    "candidates": Words("导入考生", "Import candidates"),
    "photos": Words("导入照片", "Import photos"),
    "papers_locked": Words("选定并锁定试卷（两人）", "Choose and lock papers (two persons)"),
    "papers_dealt": Words("考生试卷生成", "Papers dealt to candidates"),
    "sittings": Words("安排正式场次", "Plan the sittings"),
    "locks": Words("锁定场次（两人）", "Lock the sittings (two persons)"),
    "openings": Words("开放场次", "Open the sittings"),
    "rules": Words("交卷与迟到时间", "Hand-in and late entry"),
    "mock_slots": Words("安排模拟时段", "Plan mock slots"),
    "mock_done": Words("模拟考试完成情况", "Mock passed"),
    "receipt_keys": Words("回执签名密钥", "Key that signs receipts"),
}


def _item(
    code: str, state: ItemState, detail: Words = NOTHING, *, who: Role = Role.ADMINISTRATOR, link: str = ""
) -> ChecklistItem:
    return ChecklistItem(code, _TITLES[code], state, detail, who, link)


def _judge(is_fine: bool, otherwise: ItemState = ItemState.MISSING) -> ItemState:  # noqa: FBT001 - one fact, one verdict
    return ItemState.OK if is_fine else otherwise


def _tab(facts: ExamFacts, name: str) -> str:
    return f"/exams/{facts.exam.id}?tab={name}"


def _listed(names: Iterable[str]) -> Words:
    shown = list(names)
    return Words("、".join(shown), ", ".join(shown))


def _agreement(facts: ExamFacts) -> ChecklistItem:
    found = facts.agreement
    detail = Words("尚未登记，任何场次都不能开放", "Not registered: no sitting can open")
    if found is not None:
        signed = found.signed_on.isoformat()
        detail = Words(f"编号 {found.number}，{signed} 签订", f"No. {found.number}, signed {signed}")
    return _item("agreement", _judge(found is not None), detail, link=_tab(facts, "agreement"))


def _subjects(facts: ExamFacts) -> ChecklistItem:
    codes = _listed(one.code for one in facts.subjects)
    detail = codes if facts.subjects else Words("还没有科目", "No subjects yet")
    return _item("subjects", _judge(bool(facts.subjects)), detail, link=_tab(facts, "subjects"))


def _candidates(facts: ExamFacts) -> ChecklistItem:
    known = {one.code for one in facts.subjects}
    unknown, empty = _listed(sorted(facts.registered.keys() - known)), _listed(sorted(known - facts.registered.keys()))
    total = sum(facts.registered.values())
    if unknown.zh:
        detail = Words(
            f"有考生报考的科目不在本次考试中：{unknown.zh}",
            f"Candidates are registered for other subjects: {unknown.en}",
        )
        return _item("candidates", ItemState.MISSING, detail, link="/candidates")
    if not total:
        detail = Words("还没有考生", "No candidates yet")
        return _item("candidates", ItemState.MISSING, detail, link="/candidates/import")
    counts = sorted(facts.registered.items())
    detail = Words(
        f"共 {total} 名考生：{'，'.join(f'{code} {number} 人' for code, number in counts)}",
        f"{total} candidates: {', '.join(f'{code} {number}' for code, number in counts)}",
    )
    if not empty.zh:
        return _item("candidates", ItemState.OK, detail, link="/candidates")
    lacking = Words(
        f"{detail.zh}；这些科目还没有考生：{empty.zh}", f"{detail.en}; nobody is registered for: {empty.en}"
    )
    return _item("candidates", ItemState.WARNING, lacking, link="/candidates")


def _photos(facts: ExamFacts) -> ChecklistItem:
    link, lacking = "/candidates/photos", facts.without_photo
    if not facts.registered:
        return _item("photos", ItemState.MISSING, Words("先导入考生", "Import candidates first"), link=link)
    detail = Words("照片齐全", "Every candidate has a photo")
    if lacking:
        detail = Words(
            f"{lacking} 名考生缺照片，将只能人工核验身份",
            f"{lacking} candidates have no photo; only people can check who they are",
        )
    return _item("photos", _judge(not lacking, ItemState.WARNING), detail, link=link)


def _papers(facts: ExamFacts) -> ChecklistItem:
    lacking = list(dict.fromkeys(_lacking_papers(facts)))
    if not lacking:
        is_fine = bool(facts.subjects)
        detail = Words("各科目试卷已锁定", "Every subject has its papers") if is_fine else NOTHING
        return _item("papers_locked", _judge(is_fine), detail, link=_tab(facts, "subjects"))
    names = Words(
        "、".join(f"{code}（{_KINDS[kind].zh}）" for code, kind in lacking),
        ", ".join(f"{code} ({_KINDS[kind].en})" for code, kind in lacking),
    )
    detail = Words(f"未选定或未经两人锁定：{names.zh}", f"Not chosen, or not locked by two persons: {names.en}")
    return _item("papers_locked", ItemState.MISSING, detail, link=_tab(facts, "subjects"))


_KINDS = {SittingKind.REAL: Words("正式", "real"), SittingKind.MOCK: Words("模拟", "mock")}


def _lacking_papers(facts: ExamFacts) -> list[tuple[str, SittingKind]]:
    """Return the subjects whose sittings have no locked papers; before there are sittings, the subjects without papers."""
    if facts.sittings:
        papers = [(one.kind, code, paper) for one in facts.sittings for code, paper in one.papers.items()]
    else:
        papers = [(SittingKind.REAL, one.code, one.paper_set_id) for one in facts.subjects]
        if facts.exam.is_mock_required:
            papers += [(SittingKind.MOCK, one.code, one.mock_paper_set_id) for one in facts.subjects]
    return [(code, kind) for kind, code, paper in papers if paper is None or not facts.papers[paper].is_locked]


def _dealt(facts: ExamFacts) -> ChecklistItem:
    chosen = {
        (code, paper_set_id)
        for one in facts.sittings
        for code, paper_set_id in one.papers.items()
        if paper_set_id is not None
    }
    missing = sum(max(0, facts.registered.get(code, 0) - facts.papers[one].papers) for code, one in chosen)
    detail = NOTHING
    if missing:
        detail = Words(
            f"还有 {missing} 份试卷未生成；场次开放时自动生成",
            f"{missing} papers are not made yet; opening a sitting makes them",
        )
    return _item("papers_dealt", _judge(not missing, ItemState.WARNING), detail, link=_tab(facts, "sittings"))


def _sittings(facts: ExamFacts, now: datetime) -> ChecklistItem:
    real = [one for one in facts.sittings if one.kind == SittingKind.REAL]
    link = _tab(facts, "sittings")
    if not real:
        return _item("sittings", ItemState.MISSING, Words("还没有正式场次", "No sitting yet"), link=link)
    covered = {code for one in real for code in one.papers}
    uncovered = _listed(code for code, number in sorted(facts.registered.items()) if number and code not in covered)
    if uncovered.zh:
        detail = Words(f"这些科目还没有场次：{uncovered.zh}", f"No sitting for: {uncovered.en}")
        return _item("sittings", ItemState.MISSING, detail, link=link)
    states = [(one.title, compute_sitting_state(one, now)) for one in real]
    detail = Words(
        "；".join(f"{title}：{STATE_NAMES_ZH[state]}" for title, state in states),
        "; ".join(f"{title}: {state}" for title, state in states),
    )
    return _item("sittings", ItemState.OK, detail, link=link)


def _locks(facts: ExamFacts) -> ChecklistItem:
    drafts = [one for one in facts.sittings if one.state == SittingState.DRAFT]
    link = _tab(facts, "sittings")
    if not drafts:
        return _item("locks", _judge(bool(facts.sittings)), link=link)
    waiting = _listed(one.title for one in drafts if one.lock_proposed_by)
    titles = _listed(one.title for one in drafts)
    zh, en = f"尚未锁定：{titles.zh}", f"Not locked: {titles.en}"
    if waiting.zh:
        zh += f"；等待另一位考务管理员确认：{waiting.zh}"
        en += f"; another administrator confirms: {waiting.en}"
    return _item("locks", ItemState.MISSING, Words(zh, en), link=link)


def _openings(facts: ExamFacts, now: datetime) -> ChecklistItem:
    closed = [one for one in facts.sittings if one.state in {SittingState.DRAFT, SittingState.LOCKED}]
    late = _listed(one.title for one in closed if now >= one.starts_at)
    link = _tab(facts, "sittings")
    if late.zh:
        detail = Words(f"开考时间已过仍未开放：{late.zh}", f"The start has passed without opening: {late.en}")
        return _item("openings", ItemState.MISSING, detail, link=link)
    titles = _listed(one.title for one in closed)
    detail = Words(f"尚未开放：{titles.zh}", f"Not open yet: {titles.en}") if closed else NOTHING
    return _item("openings", _judge(not closed and bool(facts.sittings)), detail, link=link)


def _rules(facts: ExamFacts) -> list[ChecklistItem]:
    early = _listed(one.title for one in facts.sittings if may_leave_before_last_enters(one.rules))
    if not early.zh:
        return []
    detail = Words(
        f"先交卷者可能与未入场者接触：{early.zh}。建议允许交卷时间不早于迟到入场截止时间",
        f"Who hands in first may meet who has not entered: {early.en}. Allow hand-in only after late entry ends",
    )
    return [_item("rules", ItemState.WARNING, detail, link=_tab(facts, "sittings"))]


def _mock_slots(facts: ExamFacts) -> ChecklistItem:
    mocks = [one for one in facts.sittings if one.kind == SittingKind.MOCK]
    state, detail = _judge_slots(facts, mocks)
    return _item("mock_slots", state, detail, link=_tab(facts, "mock" if mocks else "sittings"))


def _judge_slots(facts: ExamFacts, mocks: Sequence[Sitting]) -> tuple[ItemState, Words]:
    if not mocks:
        return ItemState.MISSING, Words(
            "须先通过模拟，但还没有模拟时段", "The mock must be passed first, but there is no slot"
        )
    covered = {code for one in mocks for code in one.papers}
    lacking = _listed(code for code, number in sorted(facts.registered.items()) if number and code not in covered)
    if lacking.zh:
        return ItemState.MISSING, Words(f"这些科目没有模拟时段：{lacking.zh}", f"No mock slot for: {lacking.en}")
    total, places = sum(facts.registered.values()), sum(one.capacity or 0 for one in mocks)
    if places < total:
        zh, en = f"共 {places} 个名额，考生 {total} 人", f"{places} places for {total} candidates"
        return ItemState.WARNING, Words(zh, en)
    real = [one.starts_at for one in facts.sittings if one.kind == SittingKind.REAL]
    if real and max(one.ends_at for one in mocks) > min(real) - MOCK_BEFORE:
        zh, en = "最晚的模拟时段距正式考核不足一天", "The last mock slot ends less than a day before the examination"
        return ItemState.WARNING, Words(zh, en)
    return ItemState.OK, Words(f"{len(mocks)} 个时段，共 {places} 个名额", f"{len(mocks)} slots, {places} places")


def _mock_done(facts: ExamFacts) -> ChecklistItem:
    total, cleared = sum(facts.registered.values()), facts.mock_cleared
    detail = Words(
        f"已完成 {cleared} / {total} 人；未完成者不能参加正式考核",
        f"{cleared} of {total} have passed; the others cannot sit the examination",
    )
    is_fine = total > 0 and cleared >= total
    link = _tab(facts, "mock")
    return _item("mock_done", _judge(is_fine, ItemState.WARNING), detail, who=Role.SUPPORT, link=link)
