"""Marks on what leaves: who, when, under which number; and file names."""

import re
from datetime import datetime, timedelta, timezone

from invigil.serve.exports.model import (
    GROUPING_NAMES_ZH,
    KIND_NAMES,
    ExportOrder,
    Mark,
)

BEIJING = timezone(timedelta(hours=8))
UNRELEASED = "未发布"
_LONGEST_TITLE = 60


def say_instant(instant: datetime | None) -> str:
    """Return the instant in Beijing time to the second; "" for none."""
    return "" if instant is None else instant.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def say_mark(mark: Mark) -> str:
    """Return the mark on one line."""
    released = "" if mark.is_released else f"【{UNRELEASED}】"
    return (
        f"{released}导出人：{mark.taken_by}　导出时间：{say_instant(mark.taken_at)}（北京时间）　编号：{mark.export_id}"
    )


def say_short_mark(mark: Mark) -> str:
    """Return the mark as it stands across a page or beside a row."""
    released = "" if mark.is_released else f"{UNRELEASED} "
    return f"{released}{mark.taken_by} {say_instant(mark.taken_at)} {mark.export_id}"


def say_title(exam_title: str, order: ExportOrder) -> str:
    """Return the title of the report."""
    return f"{exam_title} {KIND_NAMES[order.kind].zh}（按{GROUPING_NAMES_ZH[order.grouping]}）"


def name_file(title: str, order: ExportOrder, mark: Mark) -> str:
    """Return a file name that every system takes; unreleased scores say so in it."""
    plain = re.sub(r"[^\w（）()-]+", "_", title)[:_LONGEST_TITLE].strip("_")
    day = mark.taken_at.astimezone(BEIJING).strftime("%Y%m%d-%H%M")
    released = "" if mark.is_released else f"_{UNRELEASED}"
    return f"{plain}_{day}{released}.{order.format}"


def mask_identity(number: str) -> str:
    """Return the identity number with the birthday and the sequence hidden; short ones are hidden whole."""
    return f"{number[:6]}{'*' * (len(number) - 8)}{number[-2:]}" if len(number) >= 15 else "*" * len(number)
