"""The checklist of an examination: what is there, what is missing, who must act. Pure; rooms adds its own items."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

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


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One line of the checklist.

    code: stable, e.g. "agreement". detail_zh: figures or what to do, "" when there is nothing to add.
    who: the role that must act. link: path in the console, below /console.
    """

    code: str
    title_zh: str
    state: ItemState
    detail_zh: str
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

    registered: candidates by subject. without_photo: registered without an identity photo. papers: by paper set id.
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
        _dealt(facts),
        _sittings(facts, now),
        _locks(facts, now),
        *_rules(facts),
    ]
    if facts.exam.is_mock_required:
        items += [_mock_slots(facts), _mock_done(facts)]
    items.append(
        _item("receipt_keys", "回执签名密钥", ItemState.OK, f"密钥编号 {facts.signing_key_id}", who=Role.OPERATOR)
    )
    return items


def _item(
    code: str, title: str, state: ItemState, detail: str = "", *, who: Role = Role.ADMINISTRATOR, link: str = ""
) -> ChecklistItem:
    return ChecklistItem(code, title, state, detail, who, link)


def _judge(is_fine: bool, otherwise: ItemState = ItemState.MISSING) -> ItemState:  # noqa: FBT001 - one fact, one verdict
    return ItemState.OK if is_fine else otherwise


def _agreement(facts: ExamFacts) -> ChecklistItem:
    found = facts.agreement
    detail = (
        "未登记协议，任何场次都不能开放"
        if found is None
        else f"编号 {found.number}，{found.signed_on.isoformat()} 签订"
    )
    link = f"/exams/{facts.exam.id}/agreements"
    return _item("agreement", "《考核承办协议》", _judge(found is not None), detail, link=link)


def _subjects(facts: ExamFacts) -> ChecklistItem:
    detail = "、".join(one.code for one in facts.subjects) or "请添加科目"
    return _item("subjects", "科目", _judge(bool(facts.subjects)), detail, link=f"/exams/{facts.exam.id}")


def _candidates(facts: ExamFacts) -> ChecklistItem:
    total = sum(facts.registered.values())
    by_subject = "，".join(f"{code} {number} 人" for code, number in sorted(facts.registered.items()))
    link = f"/exams/{facts.exam.id}/candidates"
    unknown = sorted(facts.registered.keys() - {one.code for one in facts.subjects})
    if unknown:
        detail = f"有考生报考的科目不在本次考试中：{'、'.join(unknown)}"
        return _item("candidates", "考生名单", ItemState.MISSING, detail, link=link)
    detail = f"共 {total} 人：{by_subject}" if total else "尚未导入考生"
    return _item("candidates", "考生名单", _judge(total > 0), detail, link=link)


def _photos(facts: ExamFacts) -> ChecklistItem:
    link = f"/exams/{facts.exam.id}/candidates"
    if not facts.registered:
        return _item("photos", "考生照片", ItemState.MISSING, "尚未导入考生", link=link)
    detail = f"{facts.without_photo} 名考生缺照片，将只能人工核验身份" if facts.without_photo else ""
    return _item("photos", "考生照片", _judge(not facts.without_photo, ItemState.WARNING), detail, link=link)


def _papers(facts: ExamFacts) -> ChecklistItem:
    lacking = [
        f"{code}（{'模拟' if one.kind == SittingKind.MOCK else '正式'}）"
        for one in facts.sittings
        for code, paper_set_id in one.papers.items()
        if paper_set_id is None or not facts.papers[paper_set_id].is_locked
    ]
    detail = f"未选定或未经两人锁定：{'、'.join(dict.fromkeys(lacking))}" if lacking else ""
    is_fine = not lacking and bool(facts.sittings)
    return _item(
        "papers_locked", "试卷锁定", _judge(is_fine), detail or ("" if is_fine else "尚无场次"), link="/papers"
    )


def _dealt(facts: ExamFacts) -> ChecklistItem:
    chosen = {
        (code, paper_set_id)
        for one in facts.sittings
        for code, paper_set_id in one.papers.items()
        if paper_set_id is not None
    }
    missing = sum(max(0, facts.registered.get(code, 0) - facts.papers[one].papers) for code, one in chosen)
    detail = f"还有 {missing} 份试卷未生成；场次开放时自动生成" if missing else ""
    return _item("papers_dealt", "考生试卷生成", _judge(not missing, ItemState.WARNING), detail, link="/papers")


def _sittings(facts: ExamFacts, now: datetime) -> ChecklistItem:
    real = [one for one in facts.sittings if one.kind == SittingKind.REAL]
    covered = {code for one in real for code in one.papers}
    uncovered = [code for code, number in sorted(facts.registered.items()) if number and code not in covered]
    link = f"/exams/{facts.exam.id}/sittings"
    if not real or uncovered:
        detail = f"以下科目没有场次：{'、'.join(uncovered)}" if uncovered else "尚无正式场次"
        return _item("sittings", "正式场次", ItemState.MISSING, detail, link=link)
    states = [STATE_NAMES_ZH[compute_sitting_state(one, now)] for one in real]
    detail = "；".join(f"{one.title}：{state}" for one, state in zip(real, states, strict=True))
    return _item("sittings", "正式场次", ItemState.OK, detail, link=link)


def _locks(facts: ExamFacts, now: datetime) -> ChecklistItem:
    drafts = [one for one in facts.sittings if one.state == SittingState.DRAFT]
    waiting = [one.title for one in drafts if one.lock_proposed_by]
    missed = [one.title for one in facts.sittings if one.state == SittingState.LOCKED and now >= one.starts_at]
    link = f"/exams/{facts.exam.id}/sittings"
    if missed:
        detail = f"已到开考时间但尚未开放：{'、'.join(missed)}"
        return _item("locks", "场次锁定与开放", ItemState.MISSING, detail, link=link)
    detail = f"草稿 {len(drafts)} 个" if drafts else ""
    if waiting:
        detail += f"，等待另一位考务管理员确认锁定：{'、'.join(waiting)}"
    return _item("locks", "场次锁定与开放", _judge(not drafts and bool(facts.sittings)), detail, link=link)


def _rules(facts: ExamFacts) -> list[ChecklistItem]:
    early = [one.title for one in facts.sittings if may_leave_before_last_enters(one.rules)]
    if not early:
        return []
    detail = f"先交卷者可能与未入场者接触：{'、'.join(early)}。建议允许交卷时间不早于迟到入场截止时间"
    link = f"/exams/{facts.exam.id}/sittings"
    return [_item("rules", "交卷与迟到时间", ItemState.WARNING, detail, link=link)]


def _mock_slots(facts: ExamFacts) -> ChecklistItem:
    mocks = [one for one in facts.sittings if one.kind == SittingKind.MOCK]
    real = [one for one in facts.sittings if one.kind == SittingKind.REAL]
    link = f"/exams/{facts.exam.id}/mock"
    covered = {code for one in mocks for code in one.papers}
    lacking = [code for code, number in sorted(facts.registered.items()) if number and code not in covered]
    if not mocks or lacking:
        detail = f"以下科目没有模拟时段：{'、'.join(lacking)}" if mocks else "尚未设置模拟考试时段"
        return _item("mock_slots", "模拟考试时段", ItemState.MISSING, detail, link=link)
    total = sum(facts.registered.values())
    places = sum(one.capacity or 0 for one in mocks)
    if places < total:
        return _item("mock_slots", "模拟考试时段", ItemState.WARNING, f"共 {places} 个名额，考生 {total} 人", link=link)
    if real and max(one.ends_at for one in mocks) > min(one.starts_at for one in real) - MOCK_BEFORE:
        return _item("mock_slots", "模拟考试时段", ItemState.WARNING, "最晚的模拟时段距正式考核不足一天", link=link)
    return _item("mock_slots", "模拟考试时段", ItemState.OK, f"{len(mocks)} 个时段，共 {places} 个名额", link=link)


def _mock_done(facts: ExamFacts) -> ChecklistItem:
    total = sum(facts.registered.values())
    detail = f"已完成 {facts.mock_cleared} / {total} 人；未完成者不能参加正式考核"
    is_fine = total > 0 and facts.mock_cleared >= total
    link = f"/exams/{facts.exam.id}/mock"
    return _item(
        "mock_done", "模拟考试完成情况", _judge(is_fine, ItemState.WARNING), detail, who=Role.SUPPORT, link=link
    )
