"""The server and the page encrypt alike: both are held against the same vectors."""

import hashlib
import json

import pytest

from invigil.platform.keys import Keys, open_with
from invigil.platform.keys.keyring import new_material
from invigil.sit.recording.model import CommittedSegment
from invigil.sit.recording.model.refusals import KeyInvalid
from invigil.sit.recording.rules.sealing import segment_binding, segment_iv
from invigil.sit.recording.service.keeping import unwrap_key
from tests.segments import VECTORS, make_vectors, wrap_key

WRITTEN = json.loads(VECTORS.read_text())


def test_the_file_is_what_the_code_writes() -> None:
    assert make_vectors() == WRITTEN


@pytest.mark.parametrize("vector", WRITTEN["segments"], ids=lambda one: str(one["seq"]))
def test_segments_open_under_the_servers_binding(vector: dict[str, str]) -> None:
    place, ciphertext = WRITTEN["place"], bytes.fromhex(vector["ciphertext"])
    segment = CommittedSegment(
        vector["take_id"], int(vector["seq"]), vector["sha256"], vector["previous"], int(vector["bytes"]),
        int(vector["p0_ms"]), int(vector["p1_ms"]), int(vector["at_ms"]),
    )  # fmt: skip
    binding = segment_binding(place["attempt_id"], place["track"], segment)
    assert binding.decode() == vector["additional_text"]
    assert segment_iv(segment.seq).hex() == vector["iv"]
    key = bytes.fromhex(WRITTEN["wrapping"]["track_key"])
    assert open_with(key, segment_iv(segment.seq), ciphertext, additional=binding).hex() == vector["plaintext"]
    assert hashlib.sha256(ciphertext).hexdigest() == segment.sha256


def test_keys_are_unwrapped_for_their_place_alone() -> None:
    keys, key = Keys(new_material()), b"k" * 32
    place = {"attempt_id": "att_1", "track": "camera", "take_id": "take_1"}
    wrapped = wrap_key(key, keys.recording_public_key, **place)
    assert unwrap_key(keys, wrapped, **place) == key
    for name in place:
        with pytest.raises(KeyInvalid):
            unwrap_key(keys, wrapped, **(place | {name: "other"}))
    with pytest.raises(KeyInvalid):
        unwrap_key(Keys(new_material()), wrapped, **place)
    for spoilt in ("", wrapped[:-1], "!" * 123, wrapped[:60] + ("A" if wrapped[60] != "A" else "B") + wrapped[61:]):
        with pytest.raises(KeyInvalid):
            unwrap_key(keys, spoilt, **place)
