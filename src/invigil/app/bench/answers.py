"""`bench save` and `bench hand-in`: durable answers per second, as a ratio to a POST that does nothing on the same server."""

from collections.abc import Callable, Iterator
from itertools import count

import uvloop

from invigil.app.bench.load import drive, report_pairs, request_bytes
from invigil.app.bench.places import measuring_place
from invigil.app.bench.report import BenchReport
from invigil.app.bench.seating import ITEMS, seat_attempts
from invigil.app.bench.server import NOOP_PATH
from invigil.app.bench.serving import running_server

CONNECTIONS = 400
# Short rounds in turn: what else the machine does meets both sides alike.
ROUNDS = 8
SECONDS = 1.0
MOST_HAND_INS = 16_000


def run_save(database: str) -> BenchReport:
    """Measure saves: each the whole sheet of 100 items, flushed before it is acknowledged."""
    return uvloop.run(_measure("save", database, CONNECTIONS * 4, _saves))


def run_hand_in(database: str) -> BenchReport:
    """Measure hand-ins: final sheet, end of the attempt and signed receipt in one commit, of candidates who have saved before."""
    return uvloop.run(_measure("hand-in", database, MOST_HAND_INS, _hand_ins, _first_saves))


Requests = Callable[[list[tuple[str, str]], int], list[Iterator[bytes]]]


async def _measure(
    name: str, database: str, seats: int, make: Requests, prepare: Requests | None = None
) -> BenchReport:
    async with measuring_place(database) as ports:
        tickets = await seat_attempts(ports, seats)
        async with running_server(ports) as (port, pid):
            await drive(port, pid, _noops(tickets, 0), 0.5)
            pairs = []
            for number in range(ROUNDS):
                if prepare is not None:
                    await drive(port, pid, prepare(tickets, number), 10 * SECONDS)
                noop = await drive(port, pid, _noops(tickets, number), SECONDS)
                pairs.append((await drive(port, pid, make(tickets, number), SECONDS), noop))
    what = f"{database}, one server process, {CONNECTIONS} connections on loopback without TLS, sheet of {ITEMS} items"
    return report_pairs(name, "requests/s", pairs, what)


# As the page sends it: canonical JSON, so "i10" stands before "i2".
_ANSWERS = ",".join(sorted(f'"i{number}":{{"c":"{"ABCD"[number % 4]}"}}' for number in range(1, ITEMS + 1)))


def _sheet(attempt: str, seq: int) -> str:
    return f'{{"answers":{{{_ANSWERS}}},"attempt":"{attempt}","flags":[],"seq":{seq},"v":1}}'


def _save_body(attempt: str, seq: int) -> bytes:
    return f'{{"sheet":{_sheet(attempt, seq)}}}'.encode()


def _noops(tickets: list[tuple[str, str]], _number: int) -> list[Iterator[bytes]]:
    attempt, ticket = tickets[0]

    def repeat() -> Iterator[bytes]:
        # Written anew each time, as the others are: the client works as much on both sides.
        for seq in count(1):
            yield request_bytes(NOOP_PATH, _save_body(attempt, seq), f"invigil-ticket: {ticket}\r\n")

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


def _of_round(tickets: list[tuple[str, str]], number: int) -> list[tuple[str, str]]:
    return tickets[number * len(tickets) // ROUNDS : (number + 1) * len(tickets) // ROUNDS]


def _first_saves(tickets: list[tuple[str, str]], number: int) -> list[Iterator[bytes]]:
    def of(connection: int) -> Iterator[bytes]:
        for attempt, ticket in _of_round(tickets, number)[connection::CONNECTIONS]:
            yield request_bytes("/api/sit/save", _save_body(attempt, 1), f"invigil-ticket: {ticket}\r\n")

    return [of(connection) for connection in range(CONNECTIONS)]


def _hand_ins(tickets: list[tuple[str, str]], number: int) -> list[Iterator[bytes]]:
    def of(connection: int) -> Iterator[bytes]:
        for attempt, ticket in _of_round(tickets, number)[connection::CONNECTIONS]:
            body = f'{{"confirmed_unanswered":0,"sheet":{_sheet(attempt, 2)}}}'.encode()
            yield request_bytes("/api/sit/hand-in", body, f"invigil-ticket: {ticket}\r\n")

    return [of(connection) for connection in range(CONNECTIONS)]
