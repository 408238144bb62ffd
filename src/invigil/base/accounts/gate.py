"""The gate of the HTTP edge: who is asking, and is the route theirs?"""

import hmac
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from invigil.base.accounts import store
from invigil.base.accounts.model import (
    ForgedRequest,
    Login,
    NotAllowed,
    NotLoggedIn,
    PasswordNotOwn,
    SecondFactorNotEnrolled,
)
from invigil.base.accounts.policy import OWN_ROOMS_ONLY, POLICY, Access
from invigil.base.accounts.service.logins import compute_csrf_token, recognise
from invigil.kernel.principals import ANONYMOUS, Principal, PrincipalKind, Role
from invigil.platform.db import Transaction

STAFF_COOKIE, CANDIDATE_COOKIE, DEVICE_COOKIE = "__Host-staff", "__Host-candidate", "__Host-device"
CSRF_HEADER = "x-invigil-csrf"
_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_COOKIES = {PrincipalKind.STAFF: STAFF_COOKIE, PrincipalKind.CANDIDATE: CANDIDATE_COOKIE}


class Relations(Protocol):
    """Whom and what a member of staff has to do with: known to the wings, asked by the gate."""

    async def check_own_room(self, tx: Transaction, who: Principal, named: Mapping[str, str]) -> None:
        """Pass when every attempt, room and candidate that a route's address names belongs to a room that `who` watches.

        named: the address's parameters, by name; `attempt_id`, `room_id` and `candidate_id` count.
        Raises: a refusal "not found".
        """


class AccountsGate:
    """Admits by the policy table and, for who sees own rooms only, by relation; a route not in the table admits nobody."""

    def __init__(self, relations: Relations) -> None:
        self._relations = relations

    async def admit(self, tx: Transaction, connection: HTTPConnection, route: str) -> Principal:
        """Return the actor of this request.

        Raises: NotLoggedIn, NotAllowed, ForgedRequest, SecondFactorNotEnrolled, PasswordNotOwn; "not found" for what is in a room of others.
        Source: P7, P8, C5.5.
        """
        access = POLICY.get(route)
        if access is None:
            raise NotAllowed
        if access.kind == PrincipalKind.ANONYMOUS:
            _check_origin(connection)
            return ANONYMOUS
        login = await recognise(tx, connection.cookies.get(_COOKIES[access.kind], ""))
        if login is None or login.kind != access.kind:
            raise NotLoggedIn
        _check_not_forged(tx, connection, login)
        if login.kind == PrincipalKind.CANDIDATE:
            return Principal(login.kind, login.principal_id, login_id=login.id, exam_id=login.exam_id)
        who = await _admit_staff(tx, login, access)
        if who.roles & access.roles <= OWN_ROOMS_ONLY:
            await self._relations.check_own_room(tx, who, connection.path_params)
        return who


async def _admit_staff(tx: Transaction, login: Login, access: Access) -> Principal:
    row = await store.read_staff_row(tx, staff_id=login.principal_id)
    if row is None or not row.is_active:
        raise NotLoggedIn
    if access.needs_complete and not login.is_complete:
        raise SecondFactorNotEnrolled
    if access.needs_own_password and not row.has_own_password:
        raise PasswordNotOwn
    roles = frozenset(Role(role) for role in row.roles)
    if not roles & access.roles:
        raise NotAllowed
    return Principal(login.kind, row.id, row.display_name, roles, login.id)


def _check_not_forged(tx: Transaction, connection: HTTPConnection, login: Login) -> None:
    _check_origin(connection)
    if connection.scope["type"] == "http" and connection.scope["method"] not in _SAFE_METHODS:
        given = connection.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(given.encode(), compute_csrf_token(tx.keys, login.id).encode()):
            raise ForgedRequest


def _check_origin(connection: HTTPConnection) -> None:
    """A browser names the origin of every request that changes something; ours has the same host as the request."""
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise ForgedRequest
