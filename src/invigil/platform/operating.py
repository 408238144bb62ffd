"""Who works at the machine itself."""

import getpass

from invigil.kernel.principals import Principal, PrincipalKind


def command_line_operator() -> Principal:
    """Return the actor of a command: the operating system's user."""
    user = getpass.getuser()
    return Principal(PrincipalKind.SYSTEM, f"cli:{user}", f"命令行 {user}")
