"""Every route stands in the policy table, and the matrix role × route is what the table says (P8)."""

from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute

from invigil.app.features import PLAIN_ROUTES, ROUTERS
from invigil.base.accounts.policy import ANYONE, POLICY
from invigil.kernel.principals import PrincipalKind, Role
from tests.world import World

ELSEWHERE = {"app.health", "app.pages"}


def _routes() -> Iterator[BaseRoute]:
    for router in ROUTERS:
        yield from router.routes
    yield from PLAIN_ROUTES


ROUTES = list(_routes())
MANAGED = [route for route in ROUTES if isinstance(route, APIRoute)]


def test_every_route_has_a_line_and_every_line_a_route() -> None:
    names = {route.name for route in ROUTES if isinstance(route, Route | Mount | WebSocketRoute | APIRoute)}
    assert names | ELSEWHERE == set(POLICY)


def test_names_are_unique() -> None:
    names = [route.name for route in MANAGED]
    assert len(names) == len(set(names))


def _method_and_path(route: APIRoute) -> tuple[str, str]:
    path = route.path
    for parameter in route.param_convertors:
        path = path.replace("{" + parameter + "}", "x1")
    return min(route.methods or {"GET"}), path


async def _ask(person: object, route: APIRoute) -> tuple[int, str]:
    method, path = _method_and_path(route)
    answer = await person._send(method, path)  # type: ignore[attr-defined]
    try:
        return answer.status_code, answer.json().get("code", "")
    except (ValueError, AttributeError):
        return answer.status_code, ""


# Answers of the gate; anything else means that the gate let the request through.
SHUT = {"accounts.not_logged_in", "accounts.not_allowed", "accounts.second_factor_not_enrolled"}


async def test_the_matrix(world: World) -> None:
    people = {role: await world.staff(role) for role in Role}
    candidate = await world.candidate("cand_nobody", "exam_nobody")
    wrong = []
    for route in MANAGED:
        access = POLICY[route.name]
        if access is ANYONE or access.kind is PrincipalKind.ANONYMOUS:
            continue
        anonymous = (await _ask(world.anonymous(), route))[1]
        if anonymous != "accounts.not_logged_in":
            wrong.append(f"{route.name}: anonymous got {anonymous}")
        for role, person in people.items():
            is_shut = (await _ask_safely(person, route)) in SHUT
            if is_shut == (access.kind is PrincipalKind.STAFF and role in access.roles):
                wrong.append(f"{route.name}: {role} {'is shut out' if is_shut else 'gets in'}")
        is_shut = (await _ask_safely(candidate, route)) in SHUT
        if is_shut == (access.kind is PrincipalKind.CANDIDATE):
            wrong.append(f"{route.name}: a candidate {'is shut out' if is_shut else 'gets in'}")
    assert wrong == []


async def _ask_safely(person: object, route: APIRoute) -> str:
    """Log-outs would end the person's login: whether they are let in is known from the table alone."""
    if route.name.endswith("log_out"):
        return "" if POLICY[route.name].kind == person.principal.kind else "accounts.not_allowed"  # type: ignore[attr-defined]
    return (await _ask(person, route))[1]


@pytest.mark.parametrize("name", sorted(POLICY))
def test_names_have_a_feature_and_an_act(name: str) -> None:
    assert 2 <= len(name.split(".")) <= 4
