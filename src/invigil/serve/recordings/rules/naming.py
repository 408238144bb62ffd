"""How the files of a package are called: in Chinese, in order, and safe on every system."""

import re
from datetime import datetime, timedelta, timezone

_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_LONGEST_PART = 80
BEIJING = timezone(timedelta(hours=8))
TRACKS_ZH = {"screen": "屏幕", "camera": "电脑摄像头", "phone": "手机"}


def make_safe(part: str) -> str:
    """Return a text that may stand in a path: no separators, no control characters, no dots at its ends, never empty."""
    return _UNSAFE.sub("_", part)[:_LONGEST_PART].strip(" .") or "_"


def name_folder(room_number: int, seat_number: int, name: str, ticket_number: str) -> str:
    """Return the folder of a candidate: room, then seat."""
    return f"{room_number}号考场/{seat_number:02}_{make_safe(name)}_{make_safe(ticket_number)}"


def name_film(folder: str, track: str, number: int, begins_at: datetime) -> str:
    """Return the path of a film without its suffix. number: of its first take in the track, from 1. begins_at: aware; in Beijing time."""
    clock = begins_at.astimezone(BEIJING).strftime("%H%M%S")
    return f"{folder}/{TRACKS_ZH[track]}_{number}_{clock}"
