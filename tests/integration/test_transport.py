"""One listener, TLS 1.2 and newer only (S2.1, P10): the real server is asked in every old way."""

import asyncio
import socket
import ssl
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from invigil.app.faults.server import VictimServer
from invigil.app.migrating import upgrade
from invigil.platform.settings import Settings

# What the server gives requests that are still being answered when it is told to end.
GRACE_S = 10


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[VictimServer]:
    """A running server."""
    settings = Settings(data_folder=tmp_path / "data")
    settings.data_folder.mkdir()
    await upgrade(settings.database_url)
    server = VictimServer(settings, tmp_path / "server.log")
    await server.start()
    yield server
    await server.kill()


@pytest.fixture
def port(server: VictimServer) -> int:
    """The port of a running server."""
    return server.port


def _shake_hands(port: int, version: ssl.TLSVersion, ciphers: str = "ALL:@SECLEVEL=0") -> str | None:
    """Return the version that both agreed on; None when the server turned it down."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers(ciphers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that these versions are old is the point
        context.minimum_version = context.maximum_version = version
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as plain, context.wrap_socket(plain) as secured:
            return secured.version()
    except (ssl.SSLError, ConnectionError):
        return None


def _speak_plainly(port: int) -> bytes:
    """Return what comes back to a request without TLS."""
    with socket.create_connection(("127.0.0.1", port), 10) as plain:
        plain.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        try:
            return plain.recv(4096)
        except ConnectionError:
            return b""


async def test_only_new_versions_and_strong_ciphers(port: int) -> None:
    new = [await asyncio.to_thread(_shake_hands, port, one) for one in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)]
    old = [await asyncio.to_thread(_shake_hands, port, one) for one in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)]
    weak = await asyncio.to_thread(
        _shake_hands, port, ssl.TLSVersion.TLSv1_2, "ECDHE+AES+SHA256:AES128-SHA:@SECLEVEL=0"
    )
    assert new == ["TLSv1.2", "TLSv1.3"]
    assert old == [None, None]
    assert weak is None
    assert not (await asyncio.to_thread(_speak_plainly, port)).startswith(b"HTTP")


def _ask(secured: ssl.SSLSocket) -> bytes:
    secured.sendall(b"GET /api/health HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return secured.recv(4096)


async def test_a_client_that_never_says_goodbye_does_not_hold_up_the_end(server: VictimServer) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", server.port), 10) as plain, context.wrap_socket(plain) as idle:
        assert (await asyncio.to_thread(_ask, idle)).startswith(b"HTTP/1.1 200")
        # Well under what requests that are still being answered are given.
        assert await server.stop() < GRACE_S / 2
