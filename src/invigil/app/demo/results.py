"""Grading and releasing the demonstration's first sitting, by two persons."""

import time

from invigil.app.demo.client import DemoRefusedError
from invigil.app.demo.running import Demo

CLOSED_WITHIN_S = 300


def grade_and_release(show: Demo, sitting_id: str) -> None:
    """Wait until the sitting has closed, grade it, propose and approve the release.

    Raises: DemoRefusedError - it does not close in time.
    """
    admin, board = show.staff("admin"), show.staff("board")
    until = time.monotonic() + CLOSED_WITHIN_S
    while admin.get(f"/api/sittings/{sitting_id}")["state"] != "closed":
        if time.monotonic() > until:
            raise DemoRefusedError("the sitting does not close")
        time.sleep(1)
    started = admin.post(f"/api/grading/sittings/{sitting_id}/runs", {"reason": "首次阅卷"})
    admin.wait_for_job(started["job_id"])
    run_id = started["run"]["id"]
    admin.post(f"/api/grading/runs/{run_id}/proposal")
    board.post(f"/api/grading/runs/{run_id}/approval")
