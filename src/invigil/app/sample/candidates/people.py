"""Invented people with valid identity numbers."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from invigil.prepare.candidates.rules.identity import compute_check_character

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜戚谢邹章云苏潘葛范彭"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国文辉力志远晨曦安宁雨桐浩然思源子涵梓萱"
_RARE = ("欧阳明远", "司马文静", "上官云飞", "买买提·吐尔逊", "阿依古丽·买买提", "张𬭸", "李〇")
_TRADES = ("建筑", "市政", "装饰", "机电", "园林", "路桥", "钢结构", "幕墙")
_TOWNS = ("明鉴", "青槐", "云栖", "北辰", "望山", "临河", "安澜", "朝晖", "松岭", "长亭")
_SUBJECTS = ("A", "B", "C1", "C2", "C3")
# County code 99 is given to no place, so no number below belongs to a real person.
_NOWHERE = "110199"
_OLDEST, _YOUNGEST = date(1966, 1, 1), date(2004, 12, 31)
_SERIALS = 1_000


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One invented person, every field in its normal form."""

    name: str
    identity_number: str
    employer: str
    phone: str
    subject_code: str


def make_people(count: int = 60, *, seed: int = 1, subjects: Sequence[str] = _SUBJECTS) -> list[SamplePerson]:
    """Return `count` different people, the same for the same arguments. count: up to 1,000,000."""
    source = random.Random(seed)  # noqa: S311 - invented people need no secrecy
    employers = [f"北京{town}{trade}工程有限公司" for town in _TOWNS for trade in _TRADES]
    people: list[SamplePerson] = []
    for number in range(count):
        name = _RARE[number // 9] if number % 9 == 8 and number // 9 < len(_RARE) else _make_name(source)
        people.append(
            SamplePerson(
                name=name,
                identity_number=make_identity_number(number),
                employer=employers[number * 7 % len(employers)] if count > 100 else employers[number % 8],
                phone=f"199{number:08d}",
                subject_code=subjects[number % len(subjects)],
            )
        )
    return people


def make_identity_number(number: int) -> str:
    """Return the valid identity number of the `number`-th invented person; all differ."""
    days = (_YOUNGEST - _OLDEST).days
    born = _OLDEST + timedelta(days=number * 37 % days)
    first_17 = f"{_NOWHERE}{born:%Y%m%d}{number // days % _SERIALS:03d}"
    return first_17 + compute_check_character(first_17)


def _make_name(source: random.Random) -> str:
    return source.choice(_SURNAMES) + "".join(source.choices(_GIVEN, k=source.choice((1, 2, 2, 2))))
