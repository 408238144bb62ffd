"""Scripted seats: they answer, save and hand in as a candidate's page does, and write down what they were told."""

import asyncio
import hashlib
import ssl
import time
from dataclasses import dataclass
from random import Random

import msgspec

from invigil.app.faults.history import Act, HistoryWriter
from invigil.app.faults.wire import NoAnswerError, Wire
from invigil.kernel.canonical import encode_canonical

ITEMS = 100
LETTERS = "ABCDE"
# A page that got no answer tries again by itself, sooner than this.
RETRY_WITHIN_S = 0.4
THINK_S = (0.05, 0.5)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet on its way. canonical: as it is hashed and stored."""

    seq: int
    canonical: bytes

    @property
    def sha256(self) -> str:
        """The digest by which the sheet is known."""
        return hashlib.sha256(self.canonical).hexdigest()


class ScriptedSeat:
    """One candidate's page. All that it does follows from its seed and from what the server answers."""

    def __init__(
        self, attempt: str, ticket: str, *, port: int, tls: ssl.SSLContext | None, history: HistoryWriter, seed: str
    ) -> None:
        self.attempt = attempt
        self._wire = Wire(port, tls)
        self._headers = f"invigil-ticket: {ticket}\r\n"
        self._history = history
        self._random = Random(seed)  # noqa: S311 - a script, not a secret
        self._answers: dict[str, dict[str, str]] = {}
        self._seq = 0
        self.acknowledged = 0

    async def run(self, until: float, give_up: float) -> None:
        """Answer until `until`, then hand in (two of three do); both on the monotonic clock.

        give_up: from here on nothing is sent again; what is open then stays indeterminate.
        """
        self._give_up = give_up
        hands_in_at = until - self._random.choice((0.0, 0.0, 2.0))
        while time.monotonic() < hands_in_at:
            await self._answer_and_save()
            await asyncio.sleep(self._random.uniform(*THINK_S))
        if self._random.random() < 2 / 3:
            await self._hand_in()
        self._wire.close()

    async def _answer_and_save(self) -> None:
        sheet = self._next_sheet()
        chance = self._random.random()
        if chance < 0.06:  # the network turns two saves round
            later = self._next_sheet()
            await self._deliver("save", later)
            await self._deliver("save", sheet)
            return
        await self._deliver("save", sheet)
        if chance < 0.12:  # the same once more, as after a lost answer
            await self._deliver("save", sheet)
        elif chance < 0.16:  # a page that is out of step: the same number, other answers
            await self._deliver("save", self._make_sheet(sheet.seq, {"i1": {"c": "AB"}}))

    async def _hand_in(self) -> None:
        sheet = self._next_sheet()
        for _ in range(3):  # asked for again, it must be the same receipt
            await self._deliver("hand_in", sheet)
        await self._deliver("save", self._next_sheet())

    def _next_sheet(self) -> Sheet:
        for _ in range(self._random.randint(1, 3)):
            item = f"i{self._random.randint(1, ITEMS)}"
            self._answers[item] = {"c": self._random.choice(LETTERS)}
        self._seq += 1
        return self._make_sheet(self._seq, self._answers)

    def _make_sheet(self, seq: int, answers: dict[str, dict[str, str]]) -> Sheet:
        document = {"v": 1, "attempt": self.attempt, "seq": seq, "answers": answers, "flags": []}
        return Sheet(seq, encode_canonical(document))

    async def _deliver(self, act: Act, sheet: Sheet) -> None:
        """Send until the server says yes or no, as the page's outbox does."""
        path, extra = ("/api/sit/save", b"") if act == "save" else ("/api/sit/hand-in", b'"confirmed_unanswered":100,')
        body = b"{" + extra + b'"sheet":' + sheet.canonical + b"}"
        while time.monotonic() < self._give_up:
            if await self._send_once(act, sheet, path, body):
                return
            await asyncio.sleep(self._random.uniform(0.02, RETRY_WITHIN_S))

    async def _send_once(self, act: Act, sheet: Sheet, path: str, body: bytes) -> bool:
        op = self._history.new_op()
        what = {"op": op, "seat": self.attempt, "act": act, "seq": sheet.seq, "sha256": sheet.sha256}
        self._history.write("invoke", **what)
        try:
            answer = await self._wire.post(path, body, self._headers)
        except NoAnswerError as fault:
            self._history.write("info", **what, detail=str(fault))
            return False
        if answer.status == 200:
            self._history.write("ok", **what | _acknowledged(act, answer.body))
            self.acknowledged += 1
            return True
        code = msgspec.json.decode(answer.body).get("code", "") if answer.body else ""
        # Only a refusal says that nothing was done; a fault promises nothing.
        is_refusal = 400 <= answer.status < 500
        self._history.write("fail" if is_refusal else "info", **what, detail=f"{answer.status} {code}")
        return is_refusal


def _acknowledged(act: Act, body: bytes) -> dict[str, object]:
    """Return what the acknowledgement itself says, which need not be what was sent.

    A repeated hand-in is answered with the receipt of the first one.
    """
    document = msgspec.json.decode(body)
    if act == "save":
        return {"seq": document["seq"], "sha256": document["sheet_sha256"]}
    receipt = document["receipt"]
    proof = encode_canonical(receipt).decode() + document["signature"] + document.get("path", "")
    return {"seq": receipt["seq"], "sha256": receipt["sheet_sha256"], "proof": proof}
