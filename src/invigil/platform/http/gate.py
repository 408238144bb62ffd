"""What an endpoint receives: the transaction, the actor, the ports."""

from typing import Annotated, Protocol, cast

from fastapi import Depends
from starlette.requests import HTTPConnection, Request

from invigil.kernel.principals import Principal
from invigil.platform.db import Transaction
from invigil.platform.ports import Ports


class Gate(Protocol):
    """Decides who is asking and whether the route is theirs; the accounts feature is the gate."""

    async def admit(self, tx: Transaction, connection: HTTPConnection, route: str) -> Principal:
        """Return the actor.

        route: the route's name, which must stand in the policy table.
        Raises: Refusal - not logged in, not allowed, or a request forged from another site.
        """
        ...


def ports_of(connection: HTTPConnection) -> Ports:
    """Return the process's ports."""
    return cast("Ports", connection.app.state.ports)


def gate_of(connection: HTTPConnection) -> Gate:
    """Return the process's gate."""
    return cast("Gate", connection.app.state.gate)


def _tx_of(request: Request) -> Transaction:
    return cast("Transaction", request.state.tx)


def _who_of(request: Request) -> Principal:
    return cast("Principal", request.state.who)


Tx = Annotated[Transaction, Depends(_tx_of)]
Who = Annotated[Principal, Depends(_who_of)]
