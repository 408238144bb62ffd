"""Identity numbers: the checksum law, and every way in which a cell goes wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.prepare.candidates.rules.identity import (
    IdentityFault,
    compute_check_character,
    is_minor,
    mask_identity_number,
    read_identity_number,
)

TODAY = date(2026, 11, 1)
VALID = "11010519491231002X"  # the example of GB 11643-1999


@pytest.mark.parametrize(
    "written",
    [VALID, VALID.lower(), "'" + VALID, "’" + VALID, " 110105 19491231 002X ", "１１０１０５１９４９１２３１００２Ｘ",
     "110105-19491231-002x", "\u200b" + VALID + "\ufeff", "11010519491231002×", "110105\n19491231002X\t"],
)  # fmt: skip
def test_forms_that_mean_the_same(written: str) -> None:
    assert read_identity_number(written, TODAY).number == VALID
    assert read_identity_number(written, TODAY).fault is None


@pytest.mark.parametrize(
    ("written", "fault"),
    [
        ("", IdentityFault.MISSING),
        ("  ", IdentityFault.MISSING),
        ("1.10101E+17", IdentityFault.DAMAGED),
        ("1.1E17", IdentityFault.DAMAGED),
        ("１.10105E+17", IdentityFault.DAMAGED),
        ("110105491231002", IdentityFault.OLD),
        ("11010519491231002", IdentityFault.LENGTH),
        ("11010519491231002XX", IdentityFault.LENGTH),
        ("1101051949123100AX", IdentityFault.CHARACTERS),
        ("11010519491231002Y", IdentityFault.CHARACTERS),
        ("19010519491231002X", IdentityFault.REGION),
        ("110105194902300021", IdentityFault.BIRTHDAY),
        ("110105202703010021", IdentityFault.BIRTHDAY),
        ("110105182703010021", IdentityFault.BIRTHDAY),
        ("110105202001010021", IdentityFault.BIRTHDAY),
        ("110105194912310021", IdentityFault.CHECKSUM),
        ("见附件", IdentityFault.LENGTH),
    ],
)
def test_faults(written: str, fault: IdentityFault) -> None:
    assert read_identity_number(written, TODAY).fault is fault


DIGITS = st.builds(
    lambda region, born, serial: f"{region}0101{born:%Y%m%d}{serial:03d}",
    st.sampled_from(["11", "37", "65", "81"]),
    st.dates(date(1940, 1, 1), date(2005, 1, 1)),
    st.integers(0, 999),
)


@given(DIGITS, st.integers(0, 16), st.integers(1, 9))
def test_every_single_wrong_digit_is_seen(first_17: str, at: int, by: int) -> None:
    number = first_17 + compute_check_character(first_17)
    assert read_identity_number(number, TODAY).fault is None
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert read_identity_number(wrong, TODAY).fault is not None


@given(DIGITS, st.integers(0, 15))
def test_every_swap_of_neighbours_is_seen(first_17: str, at: int) -> None:
    number = first_17 + compute_check_character(first_17)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    assert swapped == number or read_identity_number(swapped, TODAY).fault is not None


@given(st.text(max_size=40))
def test_no_text_crashes(written: str) -> None:
    read_identity_number(written, TODAY)
    mask_identity_number(written)


def test_minors_by_the_day() -> None:
    born = "110105200811020021"
    assert is_minor(born, date(2026, 11, 1))
    assert not is_minor(born, date(2026, 11, 2))


def test_mask() -> None:
    assert mask_identity_number(VALID) == "110105********002X"
