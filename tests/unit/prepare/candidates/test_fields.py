"""Names, telephone numbers, subjects, tickets: as people write them."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.candidates.rules import fields
from invigil.prepare.candidates.rules.cells import clean_code, clean_text, column_letters
from invigil.prepare.candidates.rules.fields import FieldFault
from invigil.prepare.candidates.rules.tickets import compute_check_digit, make_ticket_number


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张三", "张三"), (" 张 三 ", "张三"), ("张　三", "张三"), ("买买提•吐尔逊", "买买提·吐尔逊"), ("买买提．吐尔逊", "买买提·吐尔逊"),
        ("欧阳𠮷", "欧阳𠮷"), ("李〇", "李〇"), ("王\ue863", "王\ue863"), ("John Smith", "John Smith"), ("བསྟན་འཛིན".replace("་", "·"), "བསྟན·འཛིན"),
        ("张\u200b三", "张三"), ("佐藤・太郎", "佐藤·太郎"),
    ],
)  # fmt: skip
def test_names(written: str, name: str) -> None:
    assert fields.read_name(written) == name


@pytest.mark.parametrize(
    ("written", "code"),
    [("", "name_missing"), ("=cmd|' /C calc'!A0", "name_formula"), ("@SUM(1)", "name_formula"), ("张3", "name_characters"),
     ("张三（大）", "name_characters"), ("<b>张</b>", "name_characters"), ("·张", "name_characters"), ("张" * 51, "name_too_long")],
)  # fmt: skip
def test_bad_names(written: str, code: str) -> None:
    with pytest.raises(FieldFault) as caught:
        fields.read_name(written)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "written",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "0086 138 0013 8000", "8613800138000", "１３８００１３８０００", "'13800138000"]
)  # fmt: skip
def test_phones(written: str) -> None:
    assert fields.read_phone(written) == "13800138000"


@pytest.mark.parametrize(
    ("written", "code"),
    [("010-12345678", "phone_landline"), ("1.38E+10", "phone_damaged"), ("1380013800", "phone_invalid"), ("12800138000", "phone_invalid"),
     ("13800138000/13900139000", "phone_invalid"), ("无", "phone_invalid")],
)  # fmt: skip
def test_bad_phones(written: str, code: str) -> None:
    with pytest.raises(FieldFault) as caught:
        fields.read_phone(written)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("written", "subject"),
    [
        ("A", "A"), ("A类", "A"), ("a 类", "A"), ("Ａ类", "A"), ("A证", "A"), ("安A", "A"), ("建安A证", "A"), ("B本", "B"), ("B 类人员", "B"),
        ("Ｃ１", "C1"), ("c1 类", "C1"), ("C-2", "C2"), ("C3类（综合）", "C3"), ("C1（机械类）", "C1"), ("机械", "C1"), ("土建类", "C2"),
        ("项目负责人", "B"), ("项目负责人（B）", "B"), ("企业主要负责人", "A"), ("专职安全生产管理人员（C2）", "C2"), ("安管A类", "A"), ("C3综合类", "C3"),
    ],
)  # fmt: skip
def test_subjects(written: str, subject: str) -> None:
    assert fields.read_subject(written) == subject


@pytest.mark.parametrize(
    ("written", "code"),
    [("", "subject_missing"), ("C", "subject_ambiguous"), ("C类", "subject_ambiguous"), ("专职安全生产管理人员", "subject_ambiguous"),
     ("D", "subject_unknown"), ("C4", "subject_unknown"), ("AB", "subject_unknown"), ("=A", "subject_unknown"), ("A（B）", "subject_conflict"),
     ("机械、土建", "subject_unknown")],
)  # fmt: skip
def test_bad_subjects(written: str, code: str) -> None:
    with pytest.raises(FieldFault) as caught:
        fields.read_subject(written)
    assert caught.value.code == code


def test_subjects_are_data() -> None:
    assert fields.read_subject("电工类", ("电工", "焊工")) == "电工"
    with pytest.raises(FieldFault):
        fields.read_subject("A", ("电工", "焊工"))


@pytest.mark.parametrize(
    "read", [fields.read_name, fields.read_phone, fields.read_employer, fields.read_subject, fields.read_ticket_number, fields.read_password]
)  # fmt: skip
@given(written=st.text(max_size=60))
def test_any_text_gives_a_value_or_a_fault(read: Callable[[str], str], written: str) -> None:
    try:
        value = read(written)
    except FieldFault:
        return
    # What is accepted is stable, and never starts a formula.
    assert read(value) == value or read is fields.read_subject
    if read is not fields.read_password:
        assert not value.startswith(("=", "+", "-", "@"))


@given(st.integers(1, 999_999), st.integers(0, 11), st.integers(1, 9))
def test_ticket_numbers_show_a_wrong_digit(serial: int, at: int, by: int) -> None:
    ticket = make_ticket_number("exam_1", "C1", serial)
    assert len(ticket) == 12
    assert ticket == make_ticket_number("exam_1", "C1", serial)
    wrong = ticket[:at] + str((int(ticket[at]) + by) % 10) + ticket[at + 1 :]
    assert compute_check_digit(wrong[:-1]) != wrong[-1]


def test_ticket_numbers_are_unique_in_an_exam() -> None:
    made = {make_ticket_number("exam_1", subject, n) for n, subject in enumerate(["A", "B", "C1", "X"] * 100, start=1)}
    assert len(made) == 400
    with pytest.raises(ValueError, match="range"):
        make_ticket_number("exam_1", "A", 1_000_000)


@pytest.mark.parametrize(("column", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_column_letters(column: int, letters: str) -> None:
    assert column_letters(column) == letters


def test_cleaning() -> None:
    assert clean_text(" a\u3000\u00a0b\n") == "a b"
    assert clean_code("’１２ ３－ａ") == "123A"
    assert fields.mask_phone("13800138000") == "138****8000"
