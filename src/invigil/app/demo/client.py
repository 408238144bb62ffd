"""A person at a browser, without the browser: logs in, keeps the cookie, sends the CSRF token."""

import ssl
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx

# Background jobs of the demonstration take seconds; after this something is wrong.
JOB_WITHIN_S = 180
LOOK_EVERY_S = 0.2


class DemoRefusedError(Exception):
    """The server refused a step of the demonstration: a fault of ours."""


class Browser:
    """One person's connection to the server."""

    def __init__(self, origin: str, certificate: Path) -> None:
        self._client = httpx.Client(
            base_url=origin, verify=ssl.create_default_context(cafile=str(certificate)), timeout=60
        )
        self._csrf = ""

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def get(self, path: str, **query: str | int) -> Any:  # noqa: ANN401 - JSON
        """GET a JSON document."""
        return self._read(self._client.get(path, params=query))

    def get_with(self, path: str, headers: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """GET a JSON document with these headers."""
        return self._read(self._client.get(path, headers=headers))

    def fetch(self, path: str) -> bytes:
        """GET a file."""
        answer = self._client.get(path)
        self._read_refusal(answer)
        return answer.content

    def post(self, path: str, body: object = None, *, headers: dict[str, str] | None = None) -> Any:  # noqa: ANN401 - JSON
        """POST a JSON document."""
        return self._read(self._client.post(path, json=body, headers=self._with_csrf(headers)))

    def put(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """PUT a JSON document."""
        return self._read(self._client.put(path, json=body, headers=self._with_csrf()))

    def upload(self, path: str, content: bytes, name: str, **query: str) -> Any:  # noqa: ANN401 - JSON
        """POST a file as the raw body."""
        headers = {"X-File-Name": quote(name), "Content-Type": "application/octet-stream"}
        return self._read(self._client.post(path, content=content, params=query, headers=self._with_csrf(headers)))

    def upload_form(self, path: str, fields: dict[str, str], file: tuple[str, bytes, str]) -> Any:  # noqa: ANN401 - JSON
        """POST a form with a file."""
        return self._read(self._client.post(path, data=fields, files={"file": file}, headers=self._with_csrf()))

    def log_in(self, path: str, form: dict[str, str]) -> Any:  # noqa: ANN401 - JSON
        """Log in; later requests carry the cookie and the token."""
        answer = self.post(path, form)
        self._csrf = answer["csrf"]
        return answer

    def wait_for_job(self, job_id: str) -> dict[str, Any]:
        """Return a background job once it has ended well.

        Raises: DemoRefusedError - it ended otherwise, or not in time.
        """
        until = time.monotonic() + JOB_WITHIN_S
        while time.monotonic() < until:
            job: dict[str, Any] = self.get(f"/api/jobs/{job_id}")
            if job["state"] == "done":
                return job
            if job["state"] not in {"queued", "running"}:
                raise DemoRefusedError(f"{job['title']}: {job['state']} {job['refusal_message']}")
            time.sleep(LOOK_EVERY_S)
        raise DemoRefusedError(f"background job {job_id} does not end")

    def _with_csrf(self, headers: dict[str, str] | None = None) -> dict[str, str]:
        return {"X-Invigil-CSRF": self._csrf, **(headers or {})}

    def _read(self, answer: httpx.Response) -> Any:  # noqa: ANN401 - JSON
        self._read_refusal(answer)
        return answer.json() if answer.content else None

    def _read_refusal(self, answer: httpx.Response) -> None:
        if not answer.is_success:
            raise DemoRefusedError(
                f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:500]}"
            )
