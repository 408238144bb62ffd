"""The citizen identity number (GB 11643-1999): 17 digits and a check character."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from invigil.kernel.words import Words
from invigil.prepare.candidates.rules.cells import clean_code, is_scientific

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
# First two digits: provinces, the residence permits of Hong Kong, Macao and Taiwan (81, 82, 83), and the foreigner's
# permanent residence card of 2023 (9x, whose following digits are not a region).
_REGIONS = frozenset(
    str(code)
    for code in [
        *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83
    ]
)  # fmt: skip
_FOREIGN = "9"
_LONGEST_LIFE = 100
_YOUNGEST = 16
ADULT = 18


class IdentityFault(StrEnum):
    """Why an identity number is refused; the sentence for the board stands beside it."""

    MISSING = "identity_missing"
    DAMAGED = "identity_damaged"
    OLD = "identity_old"
    LENGTH = "identity_length"
    CHARACTERS = "identity_characters"
    REGION = "identity_region"
    BIRTHDAY = "identity_birthday"
    CHECKSUM = "identity_checksum"


SENTENCES = {
    IdentityFault.MISSING: Words("身份证号为空", "The identity number is empty"),
    IdentityFault.DAMAGED: Words(
        "身份证号已被 Excel 存成数字，末几位丢失且无法恢复。请先把该列设为“文本”格式，再重新录入完整号码",
        "Excel has stored the number as a figure and lost its last digits for good. Format the column as text and enter it again",
    ),
    IdentityFault.OLD: Words(
        "这是 15 位的旧身份证号，2013 年起停用，请填写 18 位号码",
        "This is an old number of 15 digits, out of use since 2013; give that of 18",
    ),
    IdentityFault.LENGTH: Words(
        "身份证号应为 18 位，请核对是否多位或少位",
        "An identity number has 18 characters; check for one too many or too few",
    ),
    IdentityFault.CHARACTERS: Words(
        "身份证号只能是 17 位数字加一位数字或 X，请核对是否混入其他字符",
        "An identity number is 17 digits and a digit or X; check for other characters",
    ),
    IdentityFault.REGION: Words(
        "身份证号前两位不是有效的地区代码，请核对", "The first two digits are no region; check them"
    ),
    IdentityFault.BIRTHDAY: Words(
        "身份证号中的出生日期不存在或不合理，请核对第 7 至 14 位",
        "The birthday in the number does not exist or is not plausible; check characters 7 to 14",
    ),
    IdentityFault.CHECKSUM: Words(
        "身份证号校验位不符，通常是某一位录入错误，请对照证件核对",
        "The check character does not fit, mostly by one wrong digit; compare with the card",
    ),
}


@dataclass(frozen=True, slots=True)
class ReadIdentity:
    """The number in its normal form (18 characters, upper-case X), or the fault."""

    number: str
    fault: IdentityFault | None


def read_identity_number(written: str, today: date) -> ReadIdentity:
    """Return the identity number that a cell means.

    written: the cell as text; full-width digits, spaces, a leading apostrophe and a lower-case x are understood.
    today: no birthday may lie later.
    """
    if is_scientific(written):
        return ReadIdentity("", IdentityFault.DAMAGED)
    # The multiplication sign and the Cyrillic letter look like X on screen.
    number = clean_code(written).replace("×", "X").replace("\u0425", "X")
    return ReadIdentity(number, find_identity_fault(number, today))


def find_identity_fault(number: str, today: date) -> IdentityFault | None:
    """Return what is wrong with a number in normal form; None when nothing is."""
    fault = _find_fault_of_form(number)
    if fault is not None:
        return fault
    if number[:2] not in _REGIONS and number[0] != _FOREIGN:
        return IdentityFault.REGION
    birthday = birthday_of(number)
    if birthday is None or not _YOUNGEST <= today.year - birthday.year <= _LONGEST_LIFE:
        return IdentityFault.BIRTHDAY
    return None if number[17] == compute_check_character(number[:17]) else IdentityFault.CHECKSUM


def _find_fault_of_form(number: str) -> IdentityFault | None:
    if not number:
        return IdentityFault.MISSING
    is_ascii_digits = number.isascii() and number[:17].isdigit()
    if len(number) == 15 and is_ascii_digits:
        return IdentityFault.OLD
    if len(number) != 18:
        return IdentityFault.LENGTH
    return None if is_ascii_digits and number[17] in "0123456789X" else IdentityFault.CHARACTERS


def is_minor(number: str, today: date) -> bool:
    """Tell whether the person of a valid number is younger than 18."""
    birthday = birthday_of(number)
    return birthday is not None and (today.year - birthday.year, today.month, today.day) < (
        ADULT,
        birthday.month,
        birthday.day,
    )


def compute_check_character(first_17: str) -> str:
    """Return the check character of 17 digits (ISO 7064 MOD 11-2)."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def birthday_of(number: str) -> date | None:
    """Return the birthday that an 18-character number states; None when there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def mask_identity_number(number: str) -> str:
    """Return 110101********1234: region and last four stay."""
    return f"{number[:6]}{'*' * max(0, len(number) - 10)}{number[-4:]}" if len(number) > 10 else "*" * len(number)
