"""The kernel: canonical JSON, points, identifiers, windows, refusals."""

import json
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import invigil.app.features  # noqa: F401 - declares every refusal
from invigil.kernel.canonical import NotCanonicalError, digest_canonical, encode_canonical
from invigil.kernel.encoding import decode_base64url, encode_base64url
from invigil.kernel.ids import ALPHABET, format_id
from invigil.kernel.points import Points
from invigil.kernel.refusals import Refusal, known_refusals
from invigil.kernel.windows import TimeWindow

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "canonical.json").read_text())
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=("Cs",)))
keys = st.text(string.ascii_letters + string.digits + "_-.", max_size=8)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize("vector", VECTORS["accepted"], ids=lambda one: one["canonical"][:30])
def test_canonical_form_is_the_one_both_languages_agreed_on(vector: dict[str, object]) -> None:
    assert encode_canonical(vector["value"]).decode() == vector["canonical"]
    assert digest_canonical(vector["value"]) == vector["sha256"]


@pytest.mark.parametrize("text", VECTORS["refused_in_json_text"])
def test_what_has_no_canonical_form_is_refused(text: str) -> None:
    with pytest.raises(NotCanonicalError):
        encode_canonical(json.loads(text))


@given(values)
def test_the_standard_library_writes_the_same_bytes(value: object) -> None:
    expected = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    assert encode_canonical(value) == expected
    assert json.loads(encode_canonical(value)) == value


@given(st.integers(0, 100_000))
def test_points_survive_being_written(half_points: int) -> None:
    assert Points.parse(str(Points(half_points))) == Points(half_points)


@pytest.mark.parametrize(("written", "half_points"), [("0", 0), ("2", 4), ("2.0", 4), ("2.5", 5), (" 0.5 ", 1)])
def test_points_are_read_exactly(written: str, half_points: int) -> None:
    assert Points.parse(written).half_points == half_points


@pytest.mark.parametrize("written", ["", "-1", "1.25", "1.", ".5", "1e3", "１", "nan"])
def test_what_is_no_half_point_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="half points"):
        Points.parse(written)


def test_negative_differences_are_written_with_their_sign() -> None:
    assert str(Points(1) - Points(4)) == "-1.5"


@given(st.datetimes(datetime(2000, 1, 1), datetime(2200, 1, 1)), st.binary(min_size=10, max_size=10))  # noqa: DTZ001 - made aware below
def test_identifiers_sort_by_creation_time(instant: datetime, entropy: bytes) -> None:
    earlier = format_id("x", instant.replace(tzinfo=UTC), entropy)
    later = format_id("x", instant.replace(tzinfo=UTC) + timedelta(milliseconds=2), bytes(10))
    assert earlier < later
    assert len(earlier) == 28
    assert set(earlier[2:]) <= set(ALPHABET)


def test_identifiers_need_their_randomness() -> None:
    with pytest.raises(ValueError, match="10 random bytes"):
        format_id("x", NOON, b"short")


def test_windows_include_their_opening_and_not_their_closing() -> None:
    window = TimeWindow(NOON, NOON + timedelta(hours=1))
    assert [window.contains(NOON + timedelta(minutes=m)) for m in (-1, 0, 59, 60)] == [False, True, True, False]
    assert not window.overlaps(TimeWindow(window.closes, window.closes + timedelta(hours=1)))
    with pytest.raises(ValueError, match="opens before"):
        TimeWindow(NOON, NOON)


@given(st.binary(max_size=64))
def test_base64url_survives(raw: bytes) -> None:
    assert decode_base64url(encode_base64url(raw)) == raw


@pytest.mark.parametrize("text", ["a", "é", "a b", "++", "=="])
def test_what_is_not_base64url_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="base64url"):
        decode_base64url(text)


@pytest.mark.parametrize("code", sorted(known_refusals()))
def test_every_refusal_has_a_feature_a_chinese_and_an_english_sentence(code: str) -> None:
    kind = known_refusals()[code]
    assert "." in code
    assert 400 <= kind.status < 600
    assert kind.zh.startswith("{reason") or any("\u4e00" <= character <= "\u9fff" for character in kind.zh)
    assert any(character.isascii() and character.isalpha() for character in kind.en)


def test_two_refusals_cannot_share_a_code() -> None:
    class First(Refusal):
        code, zh, en = "tests.twice", "一", "one"

    with pytest.raises(TypeError, match=r"tests\.twice"):

        class Second(Refusal):
            code, zh, en = "tests.twice", "二", "two"

    assert known_refusals()["tests.twice"] is First
