"""The same person, or the same ticket number, twice: in the file, and against those registered already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from invigil.prepare.candidates.model import Field, Issue, Registration, Severity

Address = Callable[[Registration, Field], str]


@dataclass(frozen=True, slots=True)
class Known:
    """Someone registered already, by indexes that equal values share."""

    name: bytes
    subject_code: str
    ticket_number: str


def find_duplicates_in_file(registrations: Sequence[Registration], address: Address) -> list[Issue]:
    """Return an error for every later row that repeats an earlier one; the first stays. Order: that of the rows."""
    issues: list[Issue] = []
    people: dict[str, Registration] = {}
    subjects: dict[tuple[str, str], Registration] = {}
    tickets: dict[str, Registration] = {}
    for one in registrations:
        earlier = subjects.setdefault((one.identity_number, one.subject_code), one)
        person = people.setdefault(one.identity_number, one)
        ticket = tickets.setdefault(one.ticket_number, one) if one.ticket_number else one
        if earlier is not one:
            zh = f"与{_place(earlier, one)}重复：同一身份证号报考同一类别"
            issues.append(_error(one, Field.IDENTITY_NUMBER, address, "duplicate_row", zh))
        elif person.name != one.name:
            zh = f"与{_place(person, one)}的身份证号相同而姓名不同，请核对"
            issues.append(_error(one, Field.NAME, address, "identity_of_another", zh))
        elif person is not one:
            zh = f"与{_place(person, one)}是同一人，报考了不同类别，请确认考试时间不冲突"
            issues.append(_warning(one, Field.SUBJECT, address, "several_subjects", zh))
        if ticket is not one:
            zh = f"准考证号与{_place(ticket, one)}重复"
            issues.append(_error(one, Field.TICKET, address, "duplicate_ticket", zh))
    return issues


def find_duplicates_with_known(
    rows: Iterable[tuple[Registration, bytes, bytes]],
    known: Mapping[bytes, Sequence[Known]],
    tickets: frozenset[str] | set[str],
    address: Address,
) -> list[Issue]:
    """Return an error for every row whose registration or ticket number stands in the examination already.

    rows: registration, index of its identity number, index of its name. known: by index of the identity number.
    """
    issues: list[Issue] = []
    for one, identity, name in rows:
        there = known.get(identity, ())
        same = next((other for other in there if other.subject_code == one.subject_code), None)
        if same is not None:
            zh = f"该考生已在本次考试中报考此类别（准考证号 {same.ticket_number}）"
            issues.append(_error(one, Field.IDENTITY_NUMBER, address, "already_registered", zh))
        elif there and there[0].name != name:
            zh = "该身份证号已在本次考试中登记，但姓名不同，请核对"
            issues.append(_error(one, Field.NAME, address, "identity_of_another", zh))
        elif there:
            zh = "该考生已报考本次考试的另一类别，请确认考试时间不冲突"
            issues.append(_warning(one, Field.SUBJECT, address, "several_subjects", zh))
        if one.ticket_number and one.ticket_number in tickets and same is None:
            zh = "准考证号已被本次考试的另一名考生使用"
            issues.append(_error(one, Field.TICKET, address, "ticket_taken", zh))
    return issues


def _place(earlier: Registration, here: Registration) -> str:
    sheet = "" if earlier.sheet == here.sheet else f"工作表“{earlier.sheet}”"
    return f"{sheet}第 {earlier.row} 行"


def _error(one: Registration, field: Field, address: Address, code: str, zh: str) -> Issue:
    return Issue(one.sheet, one.row, address(one, field), field, Severity.ERROR, code, zh)


def _warning(one: Registration, field: Field, address: Address, code: str, zh: str) -> Issue:
    return Issue(one.sheet, one.row, address(one, field), field, Severity.WARNING, code, zh)
