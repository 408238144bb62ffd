"""Names, telephone numbers, employers, subjects, ticket numbers and passwords as boards write them."""

import re
import unicodedata
from collections.abc import Collection

from invigil.kernel.words import Words
from invigil.prepare.candidates.rules.cells import clean_code, clean_text, half_width, is_printable, is_scientific

LONGEST_NAME, LONGEST_EMPLOYER = 50, 100
# The middle dot of names such as 买买提·吐尔逊 in the forms people type.
_DOTS = str.maketrans(dict.fromkeys("•‧∙⋅・･．.●", "·"))
# Letters and marks of every script, 〇, and the private use area, where older systems keep rare characters.
_NAME_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nl", "Co"})
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"0[0-9]{9,11}")
_TICKET = re.compile(r"[0-9A-Z]{4,24}")
# What a cell that starts a formula begins with (P15).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
DEFAULT_SUBJECTS = ("A", "B", "C1", "C2", "C3")
_SUBJECT_WORDS = {
    "企业主要负责人": "A",
    "主要负责人": "A",
    "企业负责人": "A",
    "项目负责人": "B",
    "项目经理": "B",
    "机械": "C1",
    "机械类": "C1",
    "土建": "C2",
    "土建类": "C2",
    "综合": "C3",
    "综合类": "C3",
}
_AMBIGUOUS = {"C", "专职安全生产管理人员", "专职安全员", "专职", "安全员"}
_SUBJECT_TRIM = re.compile(r"^(?:安管|建安|安|三类|第)?(.*?)(?:类别|类人员|类|证书|证|级|本)?$")


class FieldFault(Exception):  # noqa: N818 - carried as a value between rules, never past them
    """A cell is not acceptable. code: stable; said: for the board, without the value."""

    def __init__(self, code: str, said: Words) -> None:
        super().__init__(code)
        self.code = code
        self.said = said


def read_name(written: str) -> str:
    """Return the name; spaces between Chinese characters (张 三) go, the middle dot gets one form.

    Raises: FieldFault - missing, too long, digits, signs, or a formula.
    """
    text = clean_text(written)
    if not text:
        raise FieldFault("name_missing", Words("姓名为空", "The name is empty"))
    if text.startswith(_FORMULA):
        raise FieldFault(
            "name_formula",
            Words("姓名以公式符号开头，请改为纯文本", "The name begins with a formula's sign; make it plain text"),
        )
    text = half_width(text).translate(_DOTS) if not text.isascii() else text
    if not text.isascii():
        text = text.replace(" ", "")
    if len(text) > LONGEST_NAME:
        raise FieldFault(
            "name_too_long", Words(f"姓名超过 {LONGEST_NAME} 个字", f"The name has more than {LONGEST_NAME} characters")
        )
    parts = re.split("[·\\- ]", text)
    if not all(part and all(unicodedata.category(c) in _NAME_CATEGORIES for c in part) for part in parts):
        raise FieldFault(
            "name_characters",
            Words(
                "姓名中有数字或符号，只能是文字和间隔号“·”",
                "The name holds digits or signs; only letters and the dot “·” are allowed",
            ),
        )
    return text


def read_phone(written: str) -> str:
    """Return the mobile number, 11 digits; "" when the cell is empty.

    Raises: FieldFault - a landline, damaged by Excel, or no number.
    """
    if is_scientific(written):
        raise FieldFault(
            "phone_damaged",
            Words(
                "手机号已被 Excel 存成科学计数法，请把该列设为“文本”后重新录入",
                "Excel has stored the mobile number in scientific notation; format the column as text and enter it again",
            ),
        )
    number = clean_code(written)
    number = number.removeprefix("+86").removeprefix("0086") if len(number) > 11 else number
    number = number.removeprefix("86") if len(number) == 13 else number
    if not number:
        return ""
    if _MOBILE.fullmatch(number):
        return number
    if _LANDLINE.fullmatch(number):
        raise FieldFault(
            "phone_landline",
            Words("这里是固定电话，请填写 11 位手机号", "This is a landline; give a mobile number of 11 digits"),
        )
    raise FieldFault(
        "phone_invalid",
        Words(
            "手机号应为 11 位、以 13 至 19 开头的数字；有多个号码时只填一个",
            "A mobile number has 11 digits and begins with 13 to 19; give only one",
        ),
    )


def read_employer(written: str) -> str:
    """Return the employer; "" when the cell is empty.

    Raises: FieldFault - too long, or a formula.
    """
    text = clean_text(written).replace("(", "（").replace(")", "）")
    if text.startswith(_FORMULA):
        raise FieldFault(
            "employer_formula",
            Words(
                "单位名称以公式符号开头，请改为纯文本", "The employer begins with a formula's sign; make it plain text"
            ),
        )
    if len(text) > LONGEST_EMPLOYER:
        raise FieldFault(
            "employer_too_long",
            Words(f"单位名称超过 {LONGEST_EMPLOYER} 个字", f"The employer has more than {LONGEST_EMPLOYER} characters"),
        )
    if not is_printable(text):
        raise FieldFault(
            "employer_characters",
            Words("单位名称中有无法显示的字符", "The employer holds characters that cannot be shown"),
        )
    return text


def read_subject(written: str, subjects: Collection[str] = DEFAULT_SUBJECTS) -> str:
    """Return the subject's code: “A类”, “Ｃ１”, “c1 类”, “安B证”, “C1（机械）”, “项目负责人” are understood.

    subjects: the codes of this examination. Raises: FieldFault - missing, ambiguous, contradictory or unknown.
    """
    text = clean_code(written).replace("（", "(").replace("）", ")")
    if not text:
        raise FieldFault("subject_missing", Words("报考类别为空", "The subject is empty"))
    known = {code.upper(): code for code in subjects}
    forms = _subject_forms(text)
    meant = {known[code] for form in forms for code in (form, _SUBJECT_WORDS.get(form, "")) if code in known}
    if len(meant) == 1:
        return meant.pop()
    if meant:
        raise FieldFault("subject_conflict", _say_conflict(meant))
    if _AMBIGUOUS.intersection(forms) and not _AMBIGUOUS.intersection(known):
        raise FieldFault(
            "subject_ambiguous",
            Words(
                "专职人员须写明 C1（机械）、C2（土建）或 C3（综合）",
                "Full-time officers need C1 (machinery), C2 (civil works) or C3 (general)",
            ),
        )
    raise FieldFault("subject_unknown", _say_unknown(subjects))


def _say_conflict(meant: Collection[str]) -> Words:
    codes = sorted(meant)
    return Words(
        f"报考类别同时写了{'、'.join(codes)}，请只写一个",
        f"The cell names several subjects ({', '.join(codes)}); name one",
    )


def _say_unknown(subjects: Collection[str]) -> Words:
    return Words(
        f"报考类别不在本次考试的科目中（{'、'.join(subjects)}）",
        f"The examination has no such subject (it has {', '.join(subjects)})",
    )


def _subject_forms(text: str) -> list[str]:
    """Return what the text may mean, the most literal first."""
    inner = re.findall(r"\(([^()]*)\)", text)
    outer = re.sub(r"\([^()]*\)", "", text)
    forms = [text, outer, *inner]
    trimmed = [match[1] for form in forms if (match := _SUBJECT_TRIM.match(form)) and match[1]]
    leading = re.match(r"(C[123]|[AB])(?=[^A-Z0-9])", outer)
    return [*forms, *trimmed, *([leading[1]] if leading else [])]


def read_ticket_number(written: str) -> str:
    """Return the ticket number in upper case; "" when the cell is empty.

    Raises: FieldFault - damaged by Excel, or not 4 to 24 letters and digits.
    """
    if is_scientific(written):
        raise FieldFault(
            "ticket_damaged",
            Words(
                "准考证号已被 Excel 存成科学计数法，请把该列设为“文本”后重新录入",
                "Excel has stored the ticket number in scientific notation; format the column as text and enter it again",
            ),
        )
    number = clean_code(written)
    if number and _TICKET.fullmatch(number) is None:
        raise FieldFault(
            "ticket_invalid",
            Words("准考证号应为 4 至 24 位字母或数字", "A ticket number has 4 to 24 letters or digits"),
        )
    return number


def read_password(written: str) -> str:
    """Return the initial password; "" when the cell is empty.

    Raises: FieldFault - shorter than 6 or longer than 64 characters.
    """
    text = clean_text(written)
    if text and not 6 <= len(text) <= 64:
        raise FieldFault(
            "password_length",
            Words(
                "初始密码应为 6 至 64 位；留空则由系统生成",
                "An initial password has 6 to 64 characters; leave it empty to have one made",
            ),
        )
    return text


def mask_phone(number: str) -> str:
    """Return 138****5678; "" stays."""
    return f"{number[:3]}****{number[-4:]}" if len(number) == 11 else "*" * len(number)
