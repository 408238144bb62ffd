"""Grading and releasing the demonstration's first sitting, by two persons."""

import time

from invigil.app.demo.client import Browser, DemoRefusedError
from invigil.app.demo.running import Demo

CLOSED_WITHIN_S = 300


def grade_and_release(show: Demo, sitting_id: str, *, within_s: float = CLOSED_WITHIN_S) -> None:
    """Wait until the sitting has closed, grade it, propose and approve the release.

    within_s: after which it is given up.
    Raises: DemoRefusedError - it does not close in time.
    """
    admin, board = show.staff("admin"), show.staff("board")
    until = time.monotonic() + within_s
    while admin.get(f"/api/sittings/{sitting_id}")["state"] != "closed":
        if time.monotonic() > until:
            raise DemoRefusedError("the sitting does not close")
        time.sleep(1)
    run_id = _grade(admin, sitting_id, until)
    admin.post(f"/api/grading/runs/{run_id}/proposal")
    board.post(f"/api/grading/runs/{run_id}/approval")


def _grade(admin: Browser, sitting_id: str, until: float) -> str:
    """Grade, and again while the server still hands in for those who fell silent; return the run."""
    while True:
        started = admin.post(f"/api/grading/sittings/{sitting_id}/runs", {"reason": "首次阅卷"})
        try:
            admin.wait_for_job(started["job_id"])
        except DemoRefusedError:
            if time.monotonic() > until:
                raise
            time.sleep(1)
        else:
            run_id: str = started["run"]["id"]
            return run_id
