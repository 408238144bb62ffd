"""Reading a still's frame: only what the device may send."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invigil.sit.answering.model.pages import Still
from invigil.sit.answering.rules import MAX_STILL_BYTES, read_still_frame

AT = (1_790_000_000_000).to_bytes(8)
JPEG = b"\xff\xd8\xff\xe0picture"


@pytest.mark.parametrize(
    ("frame", "device", "track"),
    [
        (b"\x01\x00" + AT + JPEG, "pc", "screen"),
        (b"\x01\x01" + AT + JPEG, "pc", "camera"),
        (b"\x01\x02" + AT + JPEG, "phone", "phone"),
        (b"\x01\x02" + AT + JPEG, "pc", None),
        (b"\x01\x01" + AT + JPEG, "phone", None),
        (b"\x01\x03" + AT + JPEG, "pc", None),
        (b"\x02\x00" + AT + JPEG, "pc", None),
        (b"\x01\x00" + AT + b"GIF89a", "pc", None),
        (b"\x01\x00" + AT, "pc", None),
        (b"\x01\x00" + AT + JPEG + bytes(MAX_STILL_BYTES - len(JPEG)), "pc", "screen"),
        (b"\x01\x00" + AT + JPEG + bytes(MAX_STILL_BYTES - len(JPEG) + 1), "pc", None),
    ],
)
def test_what_is_a_still(frame: bytes, device: str, track: str | None) -> None:
    still = read_still_frame(frame, device)  # type: ignore[arg-type]
    assert (None if still is None else still.track) == track


@given(st.binary(max_size=40), st.sampled_from(["pc", "phone"]))
def test_any_bytes_are_a_still_or_nothing(frame: bytes, device: str) -> None:
    still = read_still_frame(frame, device)  # type: ignore[arg-type]
    assert still is None or (isinstance(still, Still) and still.jpeg == frame[10:])
