"""Who acts: staff with roles, candidates as their own kind, and the system itself."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff may be; one person can hold several."""

    ADMINISTRATOR = "administrator"  # 考务管理
    PROCTOR = "proctor"  # 监考
    PATROL = "patrol"  # 巡考
    REVIEWER = "reviewer"  # 复查
    SUPPORT = "support"  # 客服
    BOARD_OFFICIAL = "board_official"  # 甲方
    AUDITOR = "auditor"  # 审计
    OPERATOR = "operator"  # 运维


class PrincipalKind(StrEnum):
    """The kinds of actor; a candidate never holds a staff role."""

    STAFF = "staff"
    CANDIDATE = "candidate"
    SYSTEM = "system"
    ANONYMOUS = "anonymous"


@dataclass(frozen=True, slots=True)
class Principal:
    """The authenticated actor of a request, job or command.

    id: a StaffId, a CandidateId, or the name of the system part.
    roles: empty unless kind is STAFF.
    login_id: the login session this request came by; empty for the system.
    exam_id: the examination a candidate has logged in to; empty for others.
    """

    kind: PrincipalKind
    id: str
    display_name: str = ""
    roles: frozenset[Role] = frozenset()
    login_id: str = ""
    exam_id: str = ""


SYSTEM = Principal(PrincipalKind.SYSTEM, "system", "系统")
ANONYMOUS = Principal(PrincipalKind.ANONYMOUS, "anonymous")
