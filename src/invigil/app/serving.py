"""The web process's life: certificate, listener, what runs beside the application.

`invigil serve` is a parent that holds the listener and a child that serves (`supervising`).
"""

import asyncio
import gc
import importlib
import ipaddress
import signal
import socket
import ssl
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from fastapi import FastAPI
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from invigil.app.checkpoints import make_checkpoints_forever
from invigil.app.composition import CANNOT_START, opened_ports
from invigil.app.media_check import check_media
from invigil.app.supervising import Tie, keep_running
from invigil.app.sweeps import hand_in_forever
from invigil.app.web import Lifespan, create_app
from invigil.platform.jobs.process import worker_process
from invigil.platform.keys.keyring import write_secret_file
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings
from invigil.watch.board.api import keep_moving

# The same program in a process of its own: computing there never holds up an answer here.
WORKER = (sys.executable, "-c", "from invigil.app.cli.main import main; main()", "worker", "--name", "embedded")
# The thread that commits answers waits at most this long for the interpreter while requests are being read.
SWITCH_INTERVAL_S = 0.001
# Requests that wait for their group commit are many live objects, and hardly ever a cycle: with Python's own thresholds
# looking through them took a quarter of the processor.
COLLECT_GARBAGE_AT = (100_000, 50, 100)
LOOPBACK = {"127.0.0.1", "::1", "localhost"}
EXIT_CANNOT_START = 1
# Pages that come back at once after a fault wait here until the new process takes them.
BACKLOG = 4096
# What uvicorn and SQLAlchemy would load only in the child, at every start anew.
LOADED_LATE = (
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
)
# A browser that is awake answers the end of its connection within this.
GOODBYE_WITHIN_S = 1
CERTIFICATE_LASTS = timedelta(days=397)
# ECDHE with an AEAD cipher only (P10); TLS 1.3 chooses its own.
CIPHERS = "ECDHE+AESGCM:ECDHE+CHACHA20"


class UnsafeDemoError(Exception):
    """Demo mode has known passwords and no second factor: it never listens to other machines."""


def run_server(settings: Settings) -> int:
    """Serve until told to stop, and return the exit code.

    Raises: UnsafeDemoError - demo mode on an address other machines can reach; OSError - the port is taken.
    """
    if settings.demo and settings.http.host not in LOOPBACK:
        raise UnsafeDemoError("演示模式只能监听本机地址（demo mode listens on loopback only）")
    _load_everything(settings)
    family = socket.AF_INET6 if ":" in settings.http.host else socket.AF_INET
    address = (settings.http.host, settings.http.port)
    with socket.create_server(address, family=family, backlog=BACKLOG) as listener:
        return keep_running(lambda tie: _run_child(settings, listener, tie))


def _load_everything(settings: Settings) -> None:
    for name in LOADED_LATE:
        importlib.import_module(name)
    url = make_url(settings.database_url)
    url.get_dialect().import_dbapi()
    if url.get_backend_name() == "postgresql":
        url.set(drivername="postgresql+psycopg").get_dialect().import_dbapi()
    tune_interpreter()


def _run_child(settings: Settings, listener: socket.socket, tie: Tie) -> int:
    try:
        uvloop.run(_serve(settings, listener, tie))
    except CANNOT_START as fault:
        print(fault, file=sys.stderr)
        return EXIT_CANNOT_START
    except DBAPIError:
        print("数据库不可用（the database cannot be reached）", file=sys.stderr)
        return EXIT_CANNOT_START
    return 0


class _Server(uvicorn.Server):
    """A server that says when it serves, stops when its parent is gone, and waits for nobody who does not answer a goodbye."""

    def __init__(self, config: uvicorn.Config, tie: Tie) -> None:
        super().__init__(config)
        self._tie = tie

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        asyncio.get_running_loop().add_reader(self._tie.parent, self._stop)
        self._tie.announce()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        asyncio.get_running_loop().call_later(GOODBYE_WITHIN_S, self._leave_the_silent)
        await super().shutdown(sockets)

    def _leave_the_silent(self) -> None:
        # Closing TLS waits for the other side's goodbye; a sleeping phone or an idle keep-alive client never says it.
        for connection in list(self.server_state.connections):
            if connection.transport.is_closing():
                connection.transport.abort()

    def _stop(self) -> None:
        asyncio.get_running_loop().remove_reader(self._tie.parent)
        self.should_exit = True


async def _serve(settings: Settings, listener: socket.socket, tie: Tie) -> None:
    async with opened_ports(settings) as ports:
        certificate, key = _certificate(settings)
        config = uvicorn.Config(
            create_app(ports, _beside(ports)),
            ws="websockets-sansio",
            http="httptools",
            log_level="warning",
            access_log=False,
            server_header=False,
            ssl_certfile=str(certificate),
            ssl_keyfile=str(key),
            ssl_ciphers=CIPHERS,
            backlog=BACKLOG,
            timeout_graceful_shutdown=10,
            timeout_keep_alive=75,
        )
        await ports.db.settle_log()
        config.load()
        if config.ssl is not None:
            config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        tune_interpreter()
        # uvicorn raises the signal again when it has ended; what is open here must still be closed.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: None)
        await _Server(config, tie).serve([listener])


def tune_interpreter() -> None:
    """Prepare the interpreter for many small requests: what was loaded at start is never searched for garbage again."""
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_GARBAGE_AT)


def _beside(ports: Ports) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        ports.room.open()
        beside = [
            asyncio.create_task(make_checkpoints_forever(ports)),
            asyncio.create_task(hand_in_forever(ports)),
            asyncio.create_task(keep_moving(app.state.live_boards, app.state.stills_desk)),
            asyncio.create_task(ports.room.look_forever()),
            asyncio.create_task(check_media(ports.media)),
        ]
        async with worker_process(WORKER, ports.hub) if ports.settings.runs_jobs else nullcontext():
            yield
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    return lifespan


def _certificate(settings: Settings) -> tuple[Path, Path]:
    if settings.http.certificate is not None and settings.http.private_key is not None:
        return settings.http.certificate, settings.http.private_key
    folder = settings.data_folder / "tls"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    if not certificate.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make_self_signed(certificate, key)
    return certificate, key


def _make_self_signed(certificate: Path, key: Path) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Invigil demo")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + CERTIFICATE_LASTS)
        .add_extension(
            x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
        .sign(private, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = private.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    write_secret_file(key, pem)
    write_secret_file(certificate, built.public_bytes(serialization.Encoding.PEM))
