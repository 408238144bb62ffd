"""The demonstration's question bank: our own questions on construction safety, written the way people write them.

The texts double as a test of the text import. Media are made by `make_media.py` and committed in `media/`.
"""

from pathlib import Path

from invigil.prepare.questions.api import ParsedFile, attach_media, read_text_questions

FOLDER = Path(__file__).parent


def read_sample_files() -> list[ParsedFile]:
    """Return the bank's files, parsed, each with the media that its questions show."""
    media = {path.name: path.read_bytes() for path in sorted((FOLDER / "media").iterdir())}
    texts = [path.read_bytes() for path in sorted(FOLDER.glob("*.txt"))]
    return [attach_media(read_text_questions(text), media) for text in texts]
