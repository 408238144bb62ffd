"""`invigil staff`: the first account, and the way back in for a locked-out administrator."""

from typing import Annotated

import typer

from invigil.app.cli.running import with_ports
from invigil.base.accounts.api import create_staff
from invigil.kernel.principals import SYSTEM, Role
from invigil.platform.ports import Ports

app = typer.Typer(no_args_is_help=True, help="工作人员账号（staff accounts）")


@app.command("create")
def create(
    login_name: Annotated[str, typer.Argument(help="what the person types to log in")],
    display_name: Annotated[str, typer.Argument(help="姓名")],
    roles: Annotated[list[Role], typer.Option("--role", help="may be given several times")],
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)],
) -> None:
    """Make a staff account, e.g. the first administrator of a new installation."""

    async def run(ports: Ports) -> str:
        async with ports.db.transaction() as tx:
            account = await create_staff(
                tx, SYSTEM, login_name=login_name, display_name=display_name, roles=roles, password=password
            )
        return account.id

    typer.echo(with_ports(run))
