"""Simulated candidates of the demonstration: they log in, open their paper, answer, and hand in, over HTTP."""

import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from invigil.app.demo.client import Browser, DemoRefusedError
from invigil.app.demo.people import CANDIDATE_PASSWORD
from invigil.kernel.encoding import decode_base64url
from invigil.platform.keys import open_with

DEVICE = {"user_agent": "invigil-demo"}


@dataclass
class SimulatedCandidate:
    """One candidate at work."""

    browser: Browser
    ticket_number: str
    entry: dict[str, Any]
    paper: dict[str, Any]
    seq: int = 0

    @property
    def items(self) -> list[dict[str, Any]]:
        """Everything that is asked, in the paper's order."""
        return [item for section in self.paper["sections"] for group in section["groups"] for item in group["items"]]

    def answer_some(self, source: random.Random, share: float) -> dict[str, Any]:
        """Save a sheet with about this share of the items answered, and return it."""
        return self.save({item["id"]: _choose(item, source) for item in self.items if source.random() < share})

    def save(self, answers: dict[str, Any]) -> dict[str, Any]:
        """Save a sheet with these answers and return it."""
        self.seq += 1
        sheet = {"v": 1, "attempt": self.entry["attempt_id"], "seq": self.seq, "answers": answers, "flags": []}
        self._post("/api/sit/save", {"sheet": sheet})
        return sheet

    def hand_in(self, sheet: dict[str, Any]) -> dict[str, Any]:
        """Hand the sheet in and return the receipt."""
        self.seq += 1
        unanswered = len(self.items) - len(sheet["answers"])
        final = {**sheet, "seq": self.seq}
        receipt: dict[str, Any] = self._post("/api/sit/hand-in", {"sheet": final, "confirmed_unanswered": unanswered})
        return receipt

    def _post(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        return self.browser.post(path, body, headers={"Invigil-Ticket": self.entry["ticket"]})


def enter(browser: Browser, ticket_number: str, sitting_id: str) -> SimulatedCandidate:
    """Log a candidate in, enter, wait for T0 and open the paper.

    Raises: DemoRefusedError.
    """
    browser.log_in("/api/candidate/login", {"login_name": ticket_number, "password": CANDIDATE_PASSWORD})
    door = browser.post("/api/sit/enter", {"sitting_id": sitting_id, "device": DEVICE})
    consent = door["consent"]["version"]
    entry = browser.post("/api/sit/enter", {"sitting_id": sitting_id, "consent_version": consent, "device": DEVICE})
    headers = {"Invigil-Ticket": entry["ticket"]}
    sealed = browser.get_with("/api/sit/paper", headers)
    wait_until(datetime.fromisoformat(entry["starts_at"]))
    key = decode_base64url(browser.get_with("/api/sit/paper-key", headers)["key"])
    paper = msgspec.json.decode(
        open_with(
            key,
            decode_base64url(sealed["nonce"]),
            decode_base64url(sealed["ciphertext"]),
            additional=f"invigil/paper/{sealed['paper_id']}".encode(),
        )
    )
    return SimulatedCandidate(browser, ticket_number, entry, paper)


def wait_until(instant: datetime) -> None:
    """Wait until this instant; the demonstration has its own clock, the server's decides."""
    while (left := (instant - datetime.now(UTC)).total_seconds()) > -0.2:
        time.sleep(max(0.05, left + 0.2))


def _choose(item: dict[str, Any], source: random.Random) -> dict[str, Any]:
    labels = [option["key"] for option in item.get("options", [])]
    match item["type"]:
        case "single":
            return {"c": source.choice(labels)}
        case "multiple":
            return {"c": "".join(sorted(source.sample(labels, source.randint(1, min(4, len(labels))))))}
        case "true_false":
            return {"b": source.random() < 0.5}
        case "fill_in":
            return {"t": ["安全"] * max(1, item.get("blank_count", 1))}
        case other:
            raise DemoRefusedError(f"the paper has an item of type {other}")
