"""`bench save` and `bench hand-in`: durable answers per second, as a ratio to a POST that does nothing on the same server."""

import asyncio
import statistics
from collections.abc import Callable, Iterator

from invigil.app.bench.load import drive, request_bytes
from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import ITEMS, seat_attempts
from invigil.app.bench.server import NOOP_PATH
from invigil.app.bench.serving import running_server

CONNECTIONS = 200
ROUNDS = 4
SECONDS = 2.0
MOST_HAND_INS = 20_000


def run_save(database: str) -> BenchReport:
    """Measure saves: each the whole sheet of 100 items, flushed before it is acknowledged."""
    return asyncio.run(_measure("save", database, CONNECTIONS * 4, _saves))


def run_hand_in(database: str) -> BenchReport:
    """Measure hand-ins: final sheet, end of the attempt and signed receipt in one commit."""
    return asyncio.run(_measure("hand-in", database, MOST_HAND_INS, _hand_ins))


Requests = Callable[[list[tuple[str, str]], int], list[Iterator[bytes]]]


async def _measure(name: str, database: str, seats: int, make: Requests) -> BenchReport:
    async with measuring_place(database) as ports:
        tickets = await seat_attempts(ports, seats)
        async with running_server(ports) as (port, _):
            await drive(port, _noops(tickets, 0), 0.5)
            pairs = []
            for number in range(ROUNDS):
                noop = await drive(port, _noops(tickets, number), SECONDS)
                pairs.append((await drive(port, make(tickets, number), SECONDS), noop))
    value = statistics.median(one for one, _ in pairs)
    baseline = statistics.median(noop for _, noop in pairs)
    note = (
        f"{database}, one server process, {CONNECTIONS} connections on loopback without TLS, sheet of {ITEMS} items; "
        "baseline: a POST of the same body that is read and answered; ratio: median of the pairs"
    )
    ratio = statistics.median(one / noop for one, noop in pairs)
    return BenchReport(name, round(value, 1), "requests/s", round(baseline, 1), round(ratio, 3), note)


_ANSWERS = ",".join(f'"i{number}":{{"c":"{"ABCD"[number % 4]}"}}' for number in range(1, ITEMS + 1))


def _sheet(attempt: str, seq: int) -> str:
    return f'{{"answers":{{{_ANSWERS}}},"attempt":"{attempt}","flags":[],"seq":{seq},"v":1}}'


def _save_body(attempt: str, seq: int) -> bytes:
    return f'{{"sheet":{_sheet(attempt, seq)}}}'.encode()


def _noops(tickets: list[tuple[str, str]], _number: int) -> list[Iterator[bytes]]:
    attempt, ticket = tickets[0]
    request = request_bytes(NOOP_PATH, _save_body(attempt, 1), f"invigil-ticket: {ticket}\r\n")

    def repeat() -> Iterator[bytes]:
        while True:
            yield request

    return [repeat() for _ in range(CONNECTIONS)]


def _saves(tickets: list[tuple[str, str]], number: int) -> list[Iterator[bytes]]:
    def of(connection: int) -> Iterator[bytes]:
        mine = tickets[connection::CONNECTIONS]
        seq = number * 100_000
        while True:
            seq += 1
            for attempt, ticket in mine:
                yield request_bytes("/api/sit/save", _save_body(attempt, seq), f"invigil-ticket: {ticket}\r\n")

    return [of(connection) for connection in range(CONNECTIONS)]


def _hand_ins(tickets: list[tuple[str, str]], number: int) -> list[Iterator[bytes]]:
    share = tickets[number * len(tickets) // ROUNDS : (number + 1) * len(tickets) // ROUNDS]

    def of(connection: int) -> Iterator[bytes]:
        for attempt, ticket in share[connection::CONNECTIONS]:
            body = f'{{"confirmed_unanswered":0,"sheet":{_sheet(attempt, 1)}}}'.encode()
            yield request_bytes("/api/sit/hand-in", body, f"invigil-ticket: {ticket}\r\n")

    return [of(connection) for connection in range(CONNECTIONS)]
