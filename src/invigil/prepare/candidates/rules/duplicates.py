"""The same person, or the same ticket number, twice: in the file, and against those registered already."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from invigil.kernel.words import NOTHING_TO_SAY, Words
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
            place = _place(earlier, one)
            said = Words(
                f"与{place.zh}重复：同一身份证号报考同一类别",
                f"Repeats {place.en}: the same identity number for the same subject",
            )
            issues.append(_error(one, Field.IDENTITY_NUMBER, address, "duplicate_row", said))
        elif person.name != one.name:
            place = _place(person, one)
            said = Words(
                f"与{place.zh}的身份证号相同而姓名不同，请核对",
                f"The same identity number as {place.en}, but another name; check",
            )
            issues.append(_error(one, Field.NAME, address, "identity_of_another", said))
        elif person is not one:
            place = _place(person, one)
            said = Words(
                f"与{place.zh}是同一人，报考了不同类别，请确认考试时间不冲突",
                f"The same person as {place.en} for another subject; make sure that the times do not clash",
            )
            issues.append(_warning(one, Field.SUBJECT, address, "several_subjects", said))
        if ticket is not one:
            place = _place(ticket, one)
            said = Words(f"准考证号与{place.zh}重复", f"The same ticket number as {place.en}")
            issues.append(_error(one, Field.TICKET, address, "duplicate_ticket", said))
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
            said = Words(
                f"该考生已在本次考试中报考此类别（准考证号 {same.ticket_number}）",
                f"Registered for this subject already (ticket number {same.ticket_number})",
            )
            issues.append(_error(one, Field.IDENTITY_NUMBER, address, "already_registered", said))
        elif there and there[0].name != name:
            said = Words(
                "该身份证号已在本次考试中登记，但姓名不同，请核对",
                "This identity number is registered already, under another name; check",
            )
            issues.append(_error(one, Field.NAME, address, "identity_of_another", said))
        elif there:
            said = Words(
                "该考生已报考本次考试的另一类别，请确认考试时间不冲突",
                "Registered for another subject of this examination; make sure that the times do not clash",
            )
            issues.append(_warning(one, Field.SUBJECT, address, "several_subjects", said))
        if one.ticket_number and one.ticket_number in tickets and same is None:
            said = Words(
                "准考证号已被本次考试的另一名考生使用", "Another candidate of this examination has this ticket number"
            )
            issues.append(_error(one, Field.TICKET, address, "ticket_taken", said))
    return issues


def _place(earlier: Registration, here: Registration) -> Words:
    is_same = earlier.sheet == here.sheet
    sheet = NOTHING_TO_SAY if is_same else Words(f"工作表“{earlier.sheet}”", f" of the sheet “{earlier.sheet}”")
    return Words(f"{sheet.zh}第 {earlier.row} 行", f"row {earlier.row}{sheet.en}")


def _error(one: Registration, field: Field, address: Address, code: str, said: Words) -> Issue:
    return Issue(one.sheet, one.row, address(one, field), field, Severity.ERROR, code, said.zh, said.en)


def _warning(one: Registration, field: Field, address: Address, code: str, said: Words) -> Issue:
    return Issue(one.sheet, one.row, address(one, field), field, Severity.WARNING, code, said.zh, said.en)
