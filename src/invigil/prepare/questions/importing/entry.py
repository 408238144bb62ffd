"""What runs in the sandbox: bytes in, msgspec JSON out."""

import msgspec

from invigil.prepare.questions.importing.files import read_file
from invigil.prepare.questions.importing.media import read_medium


def parse_file(payload: bytes) -> bytes:
    """Parse a file of questions. payload: the file's bytes. Returns a `ParsedFile`."""
    return msgspec.json.encode(read_file(payload))


def check_medium(payload: bytes) -> bytes:
    """Check one uploaded medium; payload: its bytes. Returns a `model.Picture` named "" with rewritten bytes."""
    return msgspec.json.encode(read_medium("", payload))
