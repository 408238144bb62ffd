"""Preparing the demonstration's examination as administrators do, step by step over HTTP."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from invigil.app.demo.client import Browser
from invigil.app.demo.people import CANDIDATE_PASSWORD
from invigil.app.sample.candidates.files import write_photo_archive, write_workbook
from invigil.app.sample.candidates.people import SamplePerson, make_people

TITLE = "2026年北京市建筑施工企业安管人员考核（演示）"
# One subject for the quick sitting that ends within minutes, one for the sitting that stays open for the visitor.
QUICK_SUBJECT, OPEN_SUBJECT = "C2", "C3"
QUICK_TITLE, OPEN_TITLE = "第一场", "第二场"
PEOPLE_EACH = 30
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Team:
    """Who prepares: two administrators and the board's official."""

    first: Browser
    second: Browser
    board: Browser


@dataclass(frozen=True, slots=True)
class Prepared:
    """The prepared examination."""

    exam_id: str
    mock_id: str
    open_id: str
    quick_id: str


def prepare_examination(team: Team, say: Say, areas: Mapping[str, Mapping[str, int]] | None = None) -> str:
    """Prepare an examination up to its sittings: agreement, candidates, photos, locked papers; return its id.

    areas: by subject, how many single-choice questions of which knowledge area must be in every paper.
    Raises: DemoRefusedError - the server refused a step.
    """
    admin = team.first
    exam = admin.post("/api/exams", {"title": TITLE, "profile": "beijing"})
    exam_id: str = exam["id"]
    admin.put(f"/api/exams/{exam_id}", {"title": TITLE, "is_mock_required": False, "version": exam["version"]})
    say("登记《考核承办协议》")
    register_agreement(admin, exam_id)
    say("导入考生与照片")
    import_candidates(admin, exam_id, make_people(PEOPLE_EACH * 2, subjects=(QUICK_SUBJECT, OPEN_SUBJECT)))
    for subject in (QUICK_SUBJECT, OPEN_SUBJECT):
        say(f"组卷并双人锁定：{subject}")
        paper_set_id, mock_set_id = (
            make_papers(team, write_blueprint(subject, title, (areas or {}).get(subject, {})))
            for title in ("正式试卷", "模拟试卷")
        )
        entry = next(one for one in exam["subjects"] if one["code"] == subject)
        body = {"title": entry["title"], "paper_set_id": paper_set_id, "mock_paper_set_id": mock_set_id}
        admin.put(f"/api/exams/{exam_id}/subjects/{subject}", body)
    return exam_id


def open_sittings(
    team: Team,
    say: Say,
    exam_id: str,
    *,
    quick: Mapping[str, object] | None = None,
    opened: Mapping[str, object] | None = None,
) -> Prepared:
    """Make the sittings of a prepared examination, arrange their rooms, have them signed, and open them.

    quick, opened: rules of the two sittings that differ from the demonstration's (`starts_in` is when it starts from now).
    Raises: DemoRefusedError - the server refused a step.
    """
    admin = team.first
    say("建立场次、双人锁定、安排考场")
    quick_id = _make_sitting(admin, exam_id, title=QUICK_TITLE, subject=QUICK_SUBJECT, **_QUICK | dict(quick or {}))
    open_id = _make_sitting(admin, exam_id, title=OPEN_TITLE, subject=OPEN_SUBJECT, **_OPEN | dict(opened or {}))
    mock = _make_mock(admin, exam_id, datetime.now(UTC) + timedelta(minutes=30))
    for sitting_id in (quick_id, open_id, mock):
        _lock(team, sitting_id)
    for sitting_id in (quick_id, open_id):
        _arrange(admin, sitting_id)
    say("甲方签署《考场安排确认单》，开放场次")
    _confirm(team, exam_id)
    for sitting_id in (quick_id, open_id, mock):
        admin.post(f"/api/sittings/{sitting_id}/opening")
        # Opening leaves the dealing of papers to the worker; the first candidates of the demonstration come at once.
        admin.wait_for_job(admin.post(f"/api/sittings/{sitting_id}/dealing")["job_id"])
    return Prepared(exam_id, mock, open_id, quick_id)


_QUICK: dict[str, Any] = {
    "starts_in": timedelta(seconds=30),
    "duration_minutes": 2,
    "early_hand_in_after_minutes": 0,
    "late_entry_within_minutes": 2,
    "save_grace_seconds": 5,
}
_OPEN: dict[str, Any] = {
    "starts_in": timedelta(seconds=35),
    "duration_minutes": 90,
    "early_hand_in_after_minutes": 1,
    "late_entry_within_minutes": 90,
    "late_entry_keeps_duration": True,
    "allows_extra_time": True,
    "has_calculator": True,
}


def register_agreement(admin: Browser, exam_id: str) -> None:
    """Register an agreement signed today."""
    today = datetime.now(UTC).date().isoformat()
    fields = {"number": "演示-2026-001", "commissioner": "演示考核机构", "operator": "演示承办单位", "signed_on": today}
    admin.upload_form(f"/api/exams/{exam_id}/agreements/uploads", fields, ("协议.pdf", _PDF, "application/pdf"))


def import_candidates(admin: Browser, exam_id: str, people: Sequence[SamplePerson]) -> None:
    """Import these people and their photos."""
    workbook = write_workbook(people, password=CANDIDATE_PASSWORD)
    for path, content, name in (
        ("workbook", workbook, "报名汇总表.xlsx"),
        ("photos", write_photo_archive(people), "照片.zip"),
    ):
        found = admin.upload(f"/api/candidates/uploads/{path}", content, name, exam_id=exam_id)
        admin.wait_for_job(found["job_id"])
        confirmed = admin.post(f"/api/candidates/imports/{found['id']}/confirm")
        admin.wait_for_job(confirmed["job_id"])


def make_papers(team: Team, document: dict[str, Any]) -> str:
    """Make papers of a blueprint, proofread and locked by two; return the id of the set."""
    blueprint = team.first.post("/api/papers/blueprints", document)
    made = team.first.post("/api/papers/sets", {"blueprint_id": blueprint["id"], "expected_people": PEOPLE_EACH})
    team.first.wait_for_job(made["job_id"])
    paper_set_id: str = made["paper_set"]["id"]
    team.first.post(f"/api/papers/sets/{paper_set_id}/proof")
    team.second.post(f"/api/papers/sets/{paper_set_id}/lock")
    return paper_set_id


def write_blueprint(subject: str, title: str, areas: Mapping[str, int]) -> dict[str, Any]:
    """Return a blueprint of every type of question. areas: single-choice questions of each knowledge area."""

    def section(name: str, kind: str, count: int, points: str, **more: object) -> dict[str, object]:
        return {"title": name, "type": kind, "count": count, "points_each": points, **more}

    return {
        "subject_code": subject,
        "title": f"{subject} 类 {title}",
        "pass_mark": "36",
        "sections": [
            section("单项选择题", "single", 20, "1", by_area=dict(areas)),
            section("多项选择题", "multiple", 10, "2", credit="per_option", option_points="0.5"),
            section("判断题", "true_false", 10, "1"),
            section("填空题", "fill_in", 5, "1"),
            section("案例题", "case", 1, "1.5", items_per_case=3),
        ],
    }


def _make_sitting(
    admin: Browser, exam_id: str, *, title: str, subject: str, starts_in: timedelta, **rules: object
) -> str:
    profile = admin.get("/api/exam-profiles")[0]["rules"]
    body = {
        "kind": "real",
        "title": title,
        "starts_at": (datetime.now(UTC) + starts_in).isoformat(),
        "subject_codes": [subject],
        "rules": profile | rules,
    }
    made: str = admin.post(f"/api/exams/{exam_id}/sittings", body)["id"]
    return made


def _make_mock(admin: Browser, exam_id: str, starts_at: datetime) -> str:
    body = {
        "kind": "mock",
        "title": "模拟考核",
        "starts_at": starts_at.isoformat(),
        "subject_codes": [QUICK_SUBJECT, OPEN_SUBJECT],
        "capacity": 60,
    }
    made: str = admin.post(f"/api/exams/{exam_id}/sittings", body)["id"]
    return made


def _arrange(admin: Browser, sitting_id: str) -> None:
    for act in ("arrangement", "proctor-assignment"):
        version = admin.get(f"/api/sittings/{sitting_id}/arrangement")["version"]
        begun = admin.post(f"/api/sittings/{sitting_id}/{act}", {"version": version})
        if "job_id" in begun:
            admin.wait_for_job(begun["job_id"])


def _confirm(team: Team, exam_id: str) -> None:
    sheet = team.first.post(f"/api/exams/{exam_id}/room-confirmations")
    team.board.post(f"/api/room-confirmations/{sheet['id']}/signature", {"digest": sheet["digest"]})


def _lock(team: Team, sitting_id: str) -> None:
    version = {"version": team.first.get(f"/api/sittings/{sitting_id}")["version"]}
    proposed = team.first.post(f"/api/sittings/{sitting_id}/lock-proposal", version)
    team.second.post(f"/api/sittings/{sitting_id}/lock", {"version": proposed["version"]})


# The smallest PDF that readers open: an empty page.
_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
