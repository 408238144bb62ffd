"""The staff of the demonstration. Known passwords: such accounts exist in demo mode alone, on loopback alone."""

from dataclasses import dataclass

from invigil.base.accounts.api import create_staff
from invigil.kernel.principals import SYSTEM, Role
from invigil.platform.ports import Ports

PASSWORD = "demo-mingjian-2026"  # noqa: S105 - demo mode
CANDIDATE_PASSWORD = "888888"  # noqa: S105 - demo mode


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A member of staff of the demonstration."""

    login_name: str
    display_name: str
    role: Role


STAFF = (
    DemoPerson("admin", "王敏（考务管理）", Role.ADMINISTRATOR),
    DemoPerson("admin2", "李强（考务管理）", Role.ADMINISTRATOR),
    DemoPerson("board", "赵建国（甲方）", Role.BOARD_OFFICIAL),
    DemoPerson("proctor1", "陈静（监考）", Role.PROCTOR),
    DemoPerson("proctor2", "刘洋（监考）", Role.PROCTOR),
    DemoPerson("proctor3", "周倩（监考）", Role.PROCTOR),
    DemoPerson("proctor4", "孙磊（监考）", Role.PROCTOR),
    DemoPerson("patrol", "吴涛（巡考）", Role.PATROL),
    DemoPerson("reviewer", "郑华（复查）", Role.REVIEWER),
    DemoPerson("support", "冯雪（客服）", Role.SUPPORT),
    DemoPerson("auditor", "蒋平（审计）", Role.AUDITOR),
    DemoPerson("operator", "韩冰（运维）", Role.OPERATOR),
)


async def create_demo_staff(ports: Ports) -> None:
    """Make the accounts."""
    async with ports.db.transaction() as tx:
        for one in STAFF:
            await create_staff(
                tx,
                SYSTEM,
                login_name=one.login_name,
                display_name=one.display_name,
                roles=[one.role],
                password=PASSWORD,
            )
