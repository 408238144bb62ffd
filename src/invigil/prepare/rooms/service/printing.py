"""《考场安排确认单》 as PDF, printed from the frozen content alone: the same version prints the same."""

from collections.abc import Mapping, Sequence
from typing import Any

from invigil.platform.documents import render_pdf
from invigil.prepare.rooms.model import Confirmation, ConfirmationState
from invigil.prepare.rooms.service.confirming import format_beijing

TEMPLATE = "prepare/rooms/confirmation.typ"
STATES_ZH = {
    ConfirmationState.SUBMITTED: "待签署",
    ConfirmationState.SIGNED: "已签署",
    ConfirmationState.RETURNED: "已退回",
    ConfirmationState.SUPERSEDED: "已被新版本取代",
}


async def print_confirmation(
    sheet: Confirmation, before: Confirmation | None, changes: Sequence[str], names: Mapping[str, str]
) -> bytes:
    """Return the PDF of a version.

    before, changes: the last version signed before it and what is different. names: of staff, by id.
    Raises: those of `render_pdf`.
    """
    return await render_pdf(TEMPLATE, to_values(sheet, before, changes, names))


def to_values(
    sheet: Confirmation, before: Confirmation | None, changes: Sequence[str], names: Mapping[str, str]
) -> dict[str, Any]:
    """Return what the template shows."""
    content = sheet.content
    return {
        "exam": content["exam"],
        "agreement": content["agreement"],
        "number": sheet.number,
        "version": sheet.version,
        "state": STATES_ZH[sheet.state],
        "digest": sheet.digest,
        "candidates": content["candidates"],
        "rooms": content["rooms"],
        "proctors": content["proctors"],
        "capacity": content["capacity"],
        "subjects": content["subjects"],
        "sittings": [_sitting(one) for one in content["sittings"]],
        "submitted_by": names.get(sheet.submitted_by, sheet.submitted_by),
        "submitted_at": format_beijing(sheet.submitted_at),
        "signed_by": names.get(sheet.signed_by, sheet.signed_by),
        "signed_at": "" if sheet.signed_at is None else format_beijing(sheet.signed_at),
        "signature": sheet.signature.hex(),
        "before": "" if before is None else before.number,
        "changes": list(changes),
    }


def _sitting(one: Mapping[str, Any]) -> dict[str, Any]:
    codes = sorted({room["subject"] for room in one["rooms"]})
    return {
        "title": one["title"],
        "starts_at": one["starts_at"],
        "minutes": one["minutes"],
        "candidates": one["candidates"],
        "room_count": len(one["rooms"]),
        "by_subject": [
            {
                "code": code,
                "rooms": sum(room["subject"] == code for room in one["rooms"]),
                "candidates": sum(room["candidates"] for room in one["rooms"] if room["subject"] == code),
            }
            for code in codes
        ],
        "rooms": [
            {
                "number": room["number"],
                "subject": room["subject"],
                "candidates": room["candidates"],
                "proctors": "、".join(person["name"] for person in room["proctors"]),
                "digest": room["seats_sha256"][:12],
            }
            for room in one["rooms"]
        ],
    }
