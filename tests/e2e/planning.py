"""An examination that is prepared as far as its sittings: what the scenarios of planning and arranging begin from."""

from dataclasses import dataclass

from invigil.app.demo.preparing import Team, import_candidates, make_papers, register_agreement, write_blueprint
from invigil.app.demo.running import Demo
from invigil.app.sample.candidates.people import SamplePerson, make_people

TITLE = "2026 年第三次安管人员考核"
SUBJECTS = ("C2", "C3")
# More than a room's 30 of each subject, so that each needs two rooms.
PEOPLE_EACH = 35
EVERYBODY = PEOPLE_EACH * len(SUBJECTS)


@dataclass(frozen=True, slots=True)
class Planned:
    """The examination. people: in the order of the list; tickets: by identity number. papers: titles of locked sets."""

    exam_id: str
    people: list[SamplePerson]
    tickets: dict[str, str]

    def of(self, subject: str) -> list[SamplePerson]:
        """Return the candidates of a subject."""
        return [one for one in self.people if one.subject_code == subject]


def plan_examination(show: Demo) -> Planned:
    """Register agreement and candidates and make papers, over HTTP: the sittings are left to the person at the console."""
    team = Team(show.staff("admin"), show.staff("admin2"), show.staff("board"))
    exam_id = team.first.post("/api/exams", {"title": TITLE, "profile": "beijing"})["id"]
    register_agreement(team.first, exam_id)
    people = make_people(PEOPLE_EACH * len(SUBJECTS), subjects=SUBJECTS)
    import_candidates(team.first, exam_id, people)
    for subject in SUBJECTS:
        for title in ("正式试卷", "模拟试卷"):
            make_papers(team, write_blueprint(subject, title, {}))
    found = team.first.get("/api/candidates", exam_id=exam_id, page_size=200)["items"]
    by_name = {one["name"] + one["employer"]: one["ticket_number"] for one in found}
    tickets = {one.identity_number: by_name[one.name + one.employer] for one in people}
    return Planned(exam_id, people, tickets)
