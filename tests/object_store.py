"""The project's own S3-compatible object store for tests: OpenStack Swift, started when first needed (scripts/object-store)."""

import os
import subprocess
from functools import cache
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "object-store"
BUCKET = "recordings"
_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test:tester", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_REGION": "local"}


@cache
def object_store() -> str | None:
    """Return the store's endpoint, starting it if needed; None where it cannot be had.

    INVIGIL_TEST_OBJECT_STORE: "none" does without it.
    """
    if os.environ.get("INVIGIL_TEST_OBJECT_STORE") == "none":
        return None
    ended = subprocess.run([str(SCRIPT), "start"], capture_output=True, text=True, check=False, timeout=600)
    if ended.returncode == 0:
        return ended.stdout.strip()
    if os.environ.get("CI"):
        raise RuntimeError(f"the object store must be there in CI: {ended.stderr.strip()}")
    return None


def object_store_or_skip() -> str:
    """Return the endpoint, or skip the test."""
    endpoint = object_store()
    if endpoint is None:
        pytest.skip("the object store cannot be had here")
    return endpoint


def use_object_store(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the store's credentials where every S3 client looks for them."""
    for name, value in _CREDENTIALS.items():
        monkeypatch.setenv(name, value)
