"""F6: seats save and hand in over a line with delays, resets in the middle, and answers that never come; nothing is lost or doubled."""

import asyncio
import time
from pathlib import Path

import pytest

from invigil.app.bench.places import measuring_place
from invigil.app.bench.seating import seat_attempts
from invigil.app.faults.checker import check_history
from invigil.app.faults.crash import read_stored
from invigil.app.faults.history import HistoryWriter, read_history
from invigil.app.faults.proxy import BAD, FaultProxy, Mischief, Weather
from invigil.app.faults.seats import ScriptedSeat
from invigil.app.faults.server import VictimServer
from invigil.app.faults.wire import unverified_tls
from tests.databases import postgresql_url

SEATS, SEED = 20, 2025
ANSWERS_FOR_S, PATIENCE_S = 5.0, 60.0


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
async def test_nothing_is_lost_or_doubled_over_a_bad_line(database: str, tmp_path: Path) -> None:
    if database == "postgresql" and postgresql_url() is None:
        pytest.skip("PostgreSQL cannot be had here")
    path = tmp_path / "history.jsonl"
    async with measuring_place(database) as ports:
        tickets = await seat_attempts(ports, SEATS)
        server, history = VictimServer(ports.settings, tmp_path / "server.log"), HistoryWriter(path)
        try:
            await server.start()
            async with FaultProxy(server.port, BAD, SEED).running() as line:
                until = time.monotonic() + ANSWERS_FOR_S
                seats = [
                    ScriptedSeat(
                        one, ticket, port=line.port, tls=unverified_tls(), history=history, seed=f"{SEED}/{one}"
                    )
                    for one, ticket in tickets
                ]
                await asyncio.gather(*(seat.run(until, until + PATIENCE_S) for seat in seats))
        finally:
            await server.kill()
        history.close()
        async with ports.db.reading() as tx:
            stored = await read_stored(tx)
    events = list(read_history(path))
    assert check_history(events, stored) == []
    handed_in = {event.seat for event in events if event.kind == "ok" and event.act == "hand_in"}
    assert len(handed_in) > SEATS / 3
    assert all(len(stored[seat].receipts) == 1 for seat in handed_in)
    for mischief in (Mischief.DELAY, Mischief.CUT_REQUEST, Mischief.DROP_ANSWER):
        assert line.seen[mischief] > 0, f"{mischief} never happened"
    # A seat that heard nothing sends the same again: what had been committed before must be absorbed.
    unheard = {(event.seat, event.seq) for event in events if event.kind == "info"}
    assert unheard & {(event.seat, event.seq) for event in events if event.kind == "ok"}


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(1_000):
        writer.write(piece.upper())
        await writer.drain()
    writer.close()


@pytest.mark.parametrize(
    ("weather", "heard"),
    [
        (Weather({}, {}), b"HELLO!"),
        (Weather({Mischief.DELAY: 1.0}, {}, delay_s=0.01), b"HELLO!"),
        (Weather({Mischief.CUT_REQUEST: 1.0}, {}), b""),
        (Weather({}, {Mischief.DROP_ANSWER: 1.0}), b""),
        (Weather({}, {Mischief.CUT_ANSWER: 1.0}), b"HEL"),
    ],
)
async def test_the_line_does_what_it_is_told(weather: Weather, heard: bytes) -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server, FaultProxy(server.sockets[0].getsockname()[1], weather, SEED).running() as line:
        reader, writer = await asyncio.open_connection("127.0.0.1", line.port)
        writer.write(b"hello!")
        received = b""
        try:
            while len(received) < len(heard) or not heard or len(heard) < 6:
                piece = await asyncio.wait_for(reader.read(100), 30)
                if not piece:
                    break
                received += piece
        except ConnectionResetError:
            pass
        writer.close()
    # A reset may overtake the last bytes.
    assert heard.startswith(received)
    assert len(heard) < 6 or received == heard
