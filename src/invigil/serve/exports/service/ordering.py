"""Ordering an export: checked, recorded, entered in the register, left to a job."""

from invigil.base.audit.api import record
from invigil.kernel.principals import Principal
from invigil.kernel.words import Words
from invigil.platform.db import Transaction
from invigil.platform.entropy import new_id
from invigil.platform.jobs import Jobs
from invigil.serve.exports import store
from invigil.serve.exports.model import KIND_NAMES, Export, ExportOrder
from invigil.serve.exports.rules.access import check_may_order, say_actor
from invigil.serve.exports.service.collecting import choose_sittings, list_unreleased

MAKE = "exports.file.make"


async def order_export(tx: Transaction, who: Principal, jobs: Jobs, order: ExportOrder) -> Export:
    """Enter an export in the register and leave its making to a job.

    Raises: NothingToExport - no such sitting in the examination; ScoresNotReleased, AnswerSheetsRestricted - not theirs to take.
    Source: S4.7, C5.5, N.
    """
    sittings = await choose_sittings(tx, order)
    check_may_order(order.kind, who, await list_unreleased(tx, sittings))
    export_id = new_id("exp")
    title = Words(f"导出{KIND_NAMES[order.kind].zh}", f"Export: {KIND_NAMES[order.kind].en}")
    job_id = await jobs.enqueue(tx, MAKE, {"export_id": export_id}, owner=who, title=title)
    export = Export(
        id=export_id,
        order=order,
        job_id=job_id,
        ordered_by=say_actor(who),
        ordered_by_name=who.display_name,
        ordered_at=tx.now,
        made_at=None,
        expires_at=None,
        destroyed_at=None,
        file_name="",
        sha256="",
        file_bytes=0,
        row_count=0,
        is_released=False,
        downloads=0,
    )
    await store.insert_export(tx, export)
    await record(tx, who, act="exports.file.order", on=export_id, details=_details(order))
    return export


def _details(order: ExportOrder) -> dict[str, object]:
    return {
        "exam": order.exam_id,
        "kind": order.kind,
        "grouping": order.grouping,
        "format": order.format,
        "purpose": order.purpose,
        "shows_identity": order.shows_identity,
        "sittings": list(order.sitting_ids),
    }
