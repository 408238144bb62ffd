"""Emergency files: a candidate whose network never came back hands staff a file that only the server can read."""

from dataclasses import dataclass

import msgspec

from invigil.base.audit.api import record
from invigil.kernel.canonical import encode_canonical
from invigil.kernel.encoding import decode_base64url
from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction, to_microseconds
from invigil.platform.keys import CannotOpenError, derive_key, open_with
from invigil.sit.answering import store
from invigil.sit.answering.model import AttemptState, SavedSheet
from invigil.sit.answering.model.refusals import RescueInvalid, SheetInvalid
from invigil.sit.answering.model.sheets import AnswerSheet
from invigil.sit.answering.rules import check_sheet, digest_sheet, encode_sheet
from invigil.sit.answering.service.changing import access_attempt

MAX_RESCUE_BYTES = 1 << 20


class RescueFile(msgspec.Struct, forbid_unknown_fields=True):
    """The file as the page makes it; everything but nonce and ciphertext is bound into the encryption."""

    format: str
    v: int
    attempt: str
    seq: int
    ephemeral_key: str
    nonce: str
    ciphertext: str


class RescueContent(msgspec.Struct):
    """What is inside. exported_at: the page's idea of the server's time; a statement, not proof."""

    v: int
    sheet: AnswerSheet
    seat_epoch: int
    exported_at: str


@dataclass(frozen=True, slots=True)
class Rescued:
    """What an import did. is_newest: the file's sheet is now the sheet in force (if the attempt is still open)."""

    saved: SavedSheet
    is_newest: bool
    is_attempt_open: bool
    exported_at: str


async def import_rescue(tx: Transaction, who: Principal, raw: bytes) -> Rescued:
    """Keep the sheet of an emergency file in the answering trail, under its own seq.

    The greatest seq wins as always. An attempt that has ended keeps its receipt: to let the sheet count, staff reopen the
    attempt with a second person's approval first.
    Raises: RescueInvalid, AttemptNotFound.
    Source: P1, experience "offline".
    """
    file, content = open_rescue(tx, raw)
    attempt = await access_attempt(tx, content.sheet.attempt, is_locking=True)  # type: ignore[arg-type]
    canonical = encode_sheet(content.sheet)
    digest = digest_sheet(canonical)
    last = (await store.read_last_digests(tx, [attempt.id])).get(attempt.id)
    sealed = store.seal_sheet(tx.keys, attempt.id, file.seq, canonical)
    row = store.NewSave(attempt.id, file.seq, to_microseconds(tx.now), digest, sealed)
    is_open = attempt.state in {AttemptState.OPEN, AttemptState.PAUSED, AttemptState.LOCKED}
    is_newest = last is None or file.seq > last[0]
    # Never above a receipt: what was handed in stays the last word of its round.
    if is_open or not is_newest:
        await store.insert_saves(tx, [row])
        place = (str(attempt.id), file.seq)
        if (await store.read_digests(tx, [place]))[place].sha256 != digest:
            raise RescueInvalid(reason="同一编号下已有不同的答案，请联系技术人员核对")
    else:
        raise RescueInvalid(reason="考试已结束；如需采用此文件，请先申请重新开放作答")
    details = {"seq": file.seq, "is_newest": is_newest, "sha256": digest.hex()}
    await record(tx, who, act="answering.rescue.import", on=attempt.id, details=details)
    return Rescued(SavedSheet(file.seq, tx.now, digest), is_newest, is_open, content.exported_at)


def open_rescue(tx: Transaction, raw: bytes) -> tuple[RescueFile, RescueContent]:
    """Decrypt and check a file.

    Raises: RescueInvalid - not such a file, for another server, changed, or its sheet is not well formed.
    """
    try:
        file = msgspec.json.decode(raw, type=RescueFile)
        header = {"format": file.format, "v": file.v, "attempt": file.attempt, "seq": file.seq}
        bound = encode_canonical(header | {"ephemeral_key": file.ephemeral_key})
        secret = tx.keys.agree_rescue_secret(decode_base64url(file.ephemeral_key))
        key = derive_key(secret, "rescue-file")
        plain = open_with(key, decode_base64url(file.nonce), decode_base64url(file.ciphertext), additional=bound)
        content = msgspec.json.decode(plain, type=RescueContent)
        check_sheet(content.sheet, file.attempt)
    except (msgspec.DecodeError, ValueError, CannotOpenError) as fault:
        raise RescueInvalid(reason="文件不完整、被改动，或不属于本系统") from fault
    except SheetInvalid as fault:
        raise RescueInvalid(reason="文件中的答题卡格式不正确") from fault
    if content.sheet.seq != file.seq:
        raise RescueInvalid(reason="文件编号不一致")
    return file, content
