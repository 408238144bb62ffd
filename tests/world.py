"""The world of an integration test: ports, the application in process, and people who use it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from invigil.app.composition import build_ports
from invigil.app.web import create_app
from invigil.base.accounts import store as accounts_store
from invigil.base.accounts.gate import CANDIDATE_COOKIE, CSRF_HEADER, STAFF_COOKIE
from invigil.base.accounts.model import Login, StaffAccount
from invigil.base.accounts.service.doors import hash_token
from invigil.base.accounts.service.logins import LOGIN_LASTS, compute_csrf_token
from invigil.kernel.ids import StaffId
from invigil.kernel.principals import Principal, PrincipalKind, Role
from invigil.platform.clock import FixedClock
from invigil.platform.entropy import new_id, new_token
from invigil.platform.keys import Keys
from invigil.platform.keys.keyring import new_material
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings

ORIGIN = "https://invigil.test"


@dataclass
class World:
    """Ports over a fresh database, with a clock that the test moves."""

    ports: Ports
    clock: FixedClock
    client: httpx.AsyncClient = field(repr=False)

    async def staff(self, *roles: Role, name: str = "") -> "Person":
        """Return a new member of staff, logged in."""
        account = StaffAccount(
            StaffId(new_id("staff")),
            name or new_id("name").lower(),
            name or "测试员",
            frozenset(roles),
            has_totp=False,
            is_active=True,
            has_own_password=True,
            created_at=self.clock.now(),
        )
        async with self.ports.db.transaction() as tx:
            await accounts_store.insert_staff(tx, account, "not-a-hash")
        return await self._log_in(PrincipalKind.STAFF, account.id, "", frozenset(roles))

    async def candidate(self, candidate_id: str, exam_id: str) -> "Person":
        """Return a candidate, logged in."""
        return await self._log_in(PrincipalKind.CANDIDATE, candidate_id, exam_id, frozenset())

    def anonymous(self) -> "Person":
        """Return somebody who has not logged in."""
        return Person(Principal(PrincipalKind.ANONYMOUS, "anonymous"), self.client, {})

    async def _log_in(self, kind: PrincipalKind, principal_id: str, exam_id: str, roles: frozenset[Role]) -> "Person":
        token, now = new_token(), self.clock.now()
        login = Login(new_id("login"), kind, principal_id, exam_id, True, now, now + LOGIN_LASTS * 100)  # noqa: FBT003
        async with self.ports.db.transaction() as tx:
            await accounts_store.insert_login(tx, login, hash_token(token))
        cookie = STAFF_COOKIE if kind == PrincipalKind.STAFF else CANDIDATE_COOKIE
        headers = {"cookie": f"{cookie}={token}", CSRF_HEADER: compute_csrf_token(self.ports.keys, login.id)}
        return Person(Principal(kind, principal_id, "测试员", roles, login.id, exam_id), self.client, headers)


@dataclass
class Person:
    """Somebody with a browser."""

    principal: Principal
    client: httpx.AsyncClient = field(repr=False)
    headers: dict[str, str] = field(repr=False)

    async def get(self, path: str, **options: object) -> httpx.Response:
        """GET as this person."""
        return await self._send("GET", path, **options)

    async def post(self, path: str, **options: object) -> httpx.Response:
        """POST as this person; `json=` for the body."""
        return await self._send("POST", path, **options)

    async def put(self, path: str, **options: object) -> httpx.Response:
        """PUT as this person."""
        return await self._send("PUT", path, **options)

    async def patch(self, path: str, **options: object) -> httpx.Response:
        """PATCH as this person."""
        return await self._send("PATCH", path, **options)

    async def delete(self, path: str, **options: object) -> httpx.Response:
        """DELETE as this person."""
        return await self._send("DELETE", path, **options)

    async def _send(self, method: str, path: str, **options: object) -> httpx.Response:
        headers = self.headers | dict(options.pop("headers", {}))  # type: ignore[call-overload]
        return await self.client.request(method, path, headers=headers, **options)  # type: ignore[arg-type]


@asynccontextmanager
async def open_world(settings: Settings, clock: FixedClock, keys: Keys | None = None) -> AsyncIterator[World]:
    """Open a world and close it; background jobs do not run by themselves here. keys: None for fresh ones."""
    settings.data_folder.mkdir(parents=True, exist_ok=True)
    ports = build_ports(settings, keys or Keys(new_material()), clock)
    transport = httpx.ASGITransport(create_app(ports), raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        yield World(ports, clock, client)
    await ports.db.dispose()
