"""What stands on the server after a sitting, read over HTTP: results with their marks, and exports."""

import io
from typing import Any

import openpyxl

from invigil.app.demo.client import Browser
from invigil.app.demo.running import Demo
from invigil.serve.exports.model import KIND_NAMES, ExportKind
from tests.e2e.examination import Examination


def read_results(show: Demo, examination: Examination) -> dict[str, dict[str, Any]]:
    """By API: the results with the marks of every item, by ticket number."""
    admin = show.staff("admin")
    run_id = admin.get(f"/api/grading/sittings/{examination.prepared.quick_id}/runs")["items"][0]["id"]
    listed = admin.get(f"/api/grading/runs/{run_id}/results", page_size=200)["items"]
    entered = [one for one in listed if one["sheet_sha256"]]
    return {
        one["ticket_number"]: one | admin.get(f"/api/grading/runs/{run_id}/results/{one['candidate_id']}")
        for one in entered
    }


def read_export(person: Browser, examination: Examination, kind: ExportKind) -> dict[str, dict[str, Any]]:
    """By API: order an export, fetch it, open it; rows by ticket number, cells by title."""
    order = {
        "exam_id": examination.prepared.exam_id,
        "sitting_ids": [examination.prepared.quick_id],
        "kind": kind,
        "purpose": "端到端测试核对",
    }
    ordered = person.post("/api/exports", order)
    person.wait_for_job(ordered["job_id"])
    book = openpyxl.load_workbook(io.BytesIO(person.fetch(f"/api/exports/{ordered['id']}/file")))
    rows = [[cell.value for cell in row] for row in book[KIND_NAMES[kind].zh].iter_rows()]
    head = next(place for place, row in enumerate(rows) if "准考证号" in row)
    table = (dict(zip(map(str, rows[head]), row, strict=True)) for row in rows[head + 1 :])
    return {str(row["准考证号"]): row for row in table}
