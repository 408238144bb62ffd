"""The policy table: every route and who may use it (P8). A route that is not here is refused, and fails a test."""

from dataclasses import dataclass, field

from invigil.kernel.principals import PrincipalKind, Role

ADMINISTRATOR, PROCTOR, PATROL, REVIEWER = Role.ADMINISTRATOR, Role.PROCTOR, Role.PATROL, Role.REVIEWER
SUPPORT, BOARD_OFFICIAL, AUDITOR, OPERATOR = Role.SUPPORT, Role.BOARD_OFFICIAL, Role.AUDITOR, Role.OPERATOR


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use a route.

    roles: any of these, for staff routes. needs_complete: false only for what a login without second factor may do.
    """

    kind: PrincipalKind
    roles: frozenset[Role] = field(default_factory=frozenset)
    needs_complete: bool = True


def staff(*roles: Role) -> Access:
    """Staff who hold at least one of these roles."""
    return Access(PrincipalKind.STAFF, frozenset(roles))


ANYONE = Access(PrincipalKind.ANONYMOUS)
CANDIDATE = Access(PrincipalKind.CANDIDATE)
ANY_STAFF = Access(PrincipalKind.STAFF, frozenset(Role))
# A login that still lacks its second factor may see itself, enrol and leave.
HALF_STAFF = Access(PrincipalKind.STAFF, frozenset(Role), needs_complete=False)
# The page proves itself by its attempt ticket instead of a cookie (ADR-0006).
TICKET = Access(PrincipalKind.ANONYMOUS)

POLICY: dict[str, Access] = {
    # base
    "app.health": ANYONE,
    "app.pages": ANYONE,
    "audit.records.list": staff(AUDITOR, BOARD_OFFICIAL),
    "audit.chain.verify": staff(AUDITOR, BOARD_OFFICIAL, OPERATOR),
    "accounts.staff.log_in": ANYONE,
    "accounts.staff.log_out": HALF_STAFF,
    "accounts.staff.me": HALF_STAFF,
    "accounts.totp.begin": HALF_STAFF,
    "accounts.totp.confirm": HALF_STAFF,
    "accounts.password.change": ANY_STAFF,
    "accounts.staff.list": staff(ADMINISTRATOR, OPERATOR, AUDITOR),
    "accounts.staff.create": staff(ADMINISTRATOR),
    "accounts.staff.edit": staff(ADMINISTRATOR),
    "accounts.staff.reset_password": staff(ADMINISTRATOR),
    "accounts.staff.reset_totp": staff(ADMINISTRATOR),
    "accounts.staff.unlock": staff(ADMINISTRATOR, SUPPORT),
    "accounts.staff.revoke_logins": staff(ADMINISTRATOR),
    "accounts.candidate.unlock": staff(ADMINISTRATOR, SUPPORT, PROCTOR),
    "accounts.candidate.issue_code": staff(ADMINISTRATOR, SUPPORT, PROCTOR),
    "background.jobs.list": ANY_STAFF,
    "background.jobs.read": ANY_STAFF,
    "background.jobs.cancel": ANY_STAFF,
    "background.jobs.download": ANY_STAFF,
    # prepare
    "candidates.list": staff(ADMINISTRATOR, SUPPORT, BOARD_OFFICIAL),
    "candidates.summary": staff(ADMINISTRATOR, SUPPORT, BOARD_OFFICIAL, OPERATOR),
    "candidates.employers": staff(ADMINISTRATOR, SUPPORT, BOARD_OFFICIAL),
    "candidates.get": staff(ADMINISTRATOR, SUPPORT, BOARD_OFFICIAL),
    "candidates.edit": staff(ADMINISTRATOR),
    "candidates.withdraw": staff(ADMINISTRATOR),
    "candidates.reinstate": staff(ADMINISTRATOR),
    "candidates.unmask": staff(ADMINISTRATOR, SUPPORT),
    "candidates.photo.view": staff(ADMINISTRATOR, SUPPORT, PROCTOR, REVIEWER),
    "candidates.ticket.print": staff(ADMINISTRATOR),
    "candidates.tickets.print": staff(ADMINISTRATOR),
    "candidates.imports.upload": staff(ADMINISTRATOR),
    "candidates.imports.list": staff(ADMINISTRATOR, AUDITOR),
    "candidates.imports.template": ANY_STAFF,
    "candidates.imports.get": staff(ADMINISTRATOR),
    "candidates.imports.preview": staff(ADMINISTRATOR),
    "candidates.imports.issues": staff(ADMINISTRATOR),
    "candidates.imports.confirm": staff(ADMINISTRATOR),
    "candidates.imports.discard": staff(ADMINISTRATOR),
    "candidates.imports.correct": staff(ADMINISTRATOR),
    "candidates.photos.upload": staff(ADMINISTRATOR),
    "candidates.photos.report": staff(ADMINISTRATOR),
    # Texts and answers of questions: need to know (N); everyone else sees figures at most.
    "questions.list": staff(ADMINISTRATOR),
    "questions.create": staff(ADMINISTRATOR),
    "questions.check": staff(ADMINISTRATOR),
    "questions.get": staff(ADMINISTRATOR),
    "questions.edit": staff(ADMINISTRATOR),
    "questions.retire": staff(ADMINISTRATOR),
    "questions.restore": staff(ADMINISTRATOR),
    "questions.versions.list": staff(ADMINISTRATOR),
    "questions.versions.get": staff(ADMINISTRATOR),
    "questions.statistics": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "questions.duplicates.search": staff(ADMINISTRATOR),
    "questions.duplicates.list": staff(ADMINISTRATOR),
    "questions.template": ANY_STAFF,
    "questions.imports.upload": staff(ADMINISTRATOR),
    "questions.imports.list": staff(ADMINISTRATOR, AUDITOR),
    "questions.imports.get": staff(ADMINISTRATOR),
    "questions.imports.items": staff(ADMINISTRATOR),
    "questions.imports.lines": staff(ADMINISTRATOR),
    "questions.imports.adjust": staff(ADMINISTRATOR),
    "questions.imports.fill": staff(ADMINISTRATOR),
    "questions.imports.confirm": staff(ADMINISTRATOR),
    "questions.imports.discard": staff(ADMINISTRATOR),
    "questions.media.upload": staff(ADMINISTRATOR),
    "questions.media.get": staff(ADMINISTRATOR),
    "papers.blueprints.list": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "papers.blueprints.create": staff(ADMINISTRATOR),
    "papers.blueprints.check": staff(ADMINISTRATOR),
    "papers.blueprints.read": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "papers.blueprints.edit": staff(ADMINISTRATOR),
    "papers.blueprints.archive": staff(ADMINISTRATOR),
    "papers.pool.read": staff(ADMINISTRATOR),
    "papers.sets.list": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "papers.sets.create": staff(ADMINISTRATOR),
    "papers.sets.read": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "papers.sets.generate": staff(ADMINISTRATOR),
    "papers.sets.discard": staff(ADMINISTRATOR),
    "papers.sets.proof": staff(ADMINISTRATOR),
    "papers.sets.lock": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "papers.sets.coverage": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "papers.samples.read": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "papers.samples.print": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "exams.profiles.list": staff(ADMINISTRATOR),
    "exams.list": ANY_STAFF,
    "exams.create": staff(ADMINISTRATOR),
    "exams.show": ANY_STAFF,
    "exams.edit": staff(ADMINISTRATOR),
    "exams.delete": staff(ADMINISTRATOR),
    "exams.subjects.add": staff(ADMINISTRATOR),
    "exams.subjects.edit": staff(ADMINISTRATOR),
    "exams.subjects.remove": staff(ADMINISTRATOR),
    "exams.agreements.list": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "exams.agreements.register": staff(ADMINISTRATOR),
    "exams.agreements.download": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "exams.sittings.list": ANY_STAFF,
    "exams.sittings.create": staff(ADMINISTRATOR),
    "exams.sittings.show": ANY_STAFF,
    "exams.sittings.edit": staff(ADMINISTRATOR),
    "exams.sittings.delete": staff(ADMINISTRATOR),
    "exams.sittings.propose_lock": staff(ADMINISTRATOR),
    "exams.sittings.lock": staff(ADMINISTRATOR),
    "exams.sittings.unlock": staff(ADMINISTRATOR),
    "exams.sittings.open": staff(ADMINISTRATOR),
    "exams.sittings.deal": staff(ADMINISTRATOR),
    "exams.sittings.withdraw": staff(ADMINISTRATOR),
    "exams.mock.slots": ANY_STAFF,
    "exams.mock.clearances": staff(ADMINISTRATOR, SUPPORT, PROCTOR),
    "exams.mock.waive": staff(ADMINISTRATOR),
    # sit
    "answering.candidate.log_in": ANYONE,
    "answering.candidate.me": CANDIDATE,
    "answering.candidate.log_out": CANDIDATE,
    "answering.candidate.sittings": CANDIDATE,
    "answering.candidate.mock_slots": CANDIDATE,
    "answering.candidate.book_slot": CANDIDATE,
    "answering.attempt.enter": CANDIDATE,
    "answering.sheet.save": TICKET,
    "answering.attempt.hand_in": TICKET,
    "answering.time.tell": ANYONE,
    "answering.paper.send": TICKET,
    "answering.paper.send_key": TICKET,
    "answering.paper.send_media": TICKET,
    "answering.socket": TICKET,
    "activity.steps.keep": TICKET,
    "answering.attempts.list": staff(ADMINISTRATOR, PROCTOR, PATROL, SUPPORT, REVIEWER, BOARD_OFFICIAL),
    "answering.attempts.read": staff(ADMINISTRATOR, PROCTOR, PATROL, SUPPORT, REVIEWER, BOARD_OFFICIAL),
    "answering.changes.list": staff(ADMINISTRATOR, PROCTOR, PATROL, BOARD_OFFICIAL, AUDITOR),
    "answering.trail.list": staff(ADMINISTRATOR, REVIEWER, AUDITOR),
    "answering.changes.propose": staff(ADMINISTRATOR, PROCTOR),
    "answering.changes.decide": staff(ADMINISTRATOR, PATROL, BOARD_OFFICIAL),
    "answering.seat.release": staff(ADMINISTRATOR, PROCTOR, SUPPORT),
    "answering.rescue.import": staff(ADMINISTRATOR, SUPPORT),
    "activity.steps.list": staff(ADMINISTRATOR, PROCTOR, PATROL, REVIEWER, SUPPORT),
    # watch
    # judge
    # serve
    "exports.file.order": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "exports.file.list": staff(ADMINISTRATOR, BOARD_OFFICIAL, AUDITOR),
    "exports.file.read": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "exports.file.download": staff(ADMINISTRATOR, BOARD_OFFICIAL),
    "exports.file.destroy": staff(ADMINISTRATOR, BOARD_OFFICIAL),
}
