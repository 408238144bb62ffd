"""Filling the bank from parsed files without a person at a preview: the demonstration, and the command line."""

from collections.abc import Mapping, Sequence

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.platform.entropy import new_id
from invigil.platform.ports import Ports
from invigil.prepare.questions.importing.files import check_media
from invigil.prepare.questions.importing.media import read_medium
from invigil.prepare.questions.importing.model import ParsedFile
from invigil.prepare.questions.model import Block
from invigil.prepare.questions.rules import map_blocks, media_of
from invigil.prepare.questions.service.bank import check_draft, insert_question
from invigil.prepare.questions.service.media import Medium, blob_key, insert_medium


def attach_media(parsed: ParsedFile, media: Mapping[str, bytes]) -> ParsedFile:
    """Return the file with those of the named media that its questions show; trusted bytes, checked all the same.

    Raises: MediumNotAccepted, MediumTooLarge, PictureUnreadable, PictureTooLarge.
    """
    wanted = dict.fromkeys(name for question in parsed.questions for name in media_of(question.draft))
    found = tuple(read_medium(name, media[name]) for name in wanted if name in media)
    return check_media(msgspec.structs.replace(parsed, attachments=found))


async def add_parsed(ports: Ports, who: Principal, files: Sequence[ParsedFile]) -> int:
    """Put every question of the files into the bank, one transaction per file, and return how many.

    Raises: QuestionNotAcceptable, MediumMismatch - a question is not complete; its file is then not written at all.
    """
    total = 0
    for parsed in files:
        media: dict[str, Medium] = {}
        for one in (*parsed.pictures, *parsed.attachments):
            medium = media[one.name] = Medium(new_id("media"), one.media_type, len(one.data))
            await ports.blobs.put(blob_key(medium.id), one.data)

        def name(block: Block, known: Mapping[str, Medium] = media) -> Block:
            medium = known.get(block.blob or "")
            return block if medium is None else msgspec.structs.replace(block, blob=medium.id)

        async with ports.db.transaction() as tx:
            for medium in media.values():
                await insert_medium(tx, who, medium, import_id="")
            for question in parsed.questions:
                await insert_question(tx, who, await check_draft(tx, map_blocks(question.draft, name)))
            await record(tx, who, act="questions.bank.seed", details={"questions": len(parsed.questions)})
        total += len(parsed.questions)
    return total
