"""`invigil keys`: the sealed keyring, from a new key to the end of an old one."""

import asyncio
from typing import Annotated

import typer

from invigil.app.cli.running import with_ports
from invigil.app.composition import read_seal
from invigil.app.installation import is_installed
from invigil.base.rekeying.api import RESEAL, Holdings, count_holdings, order_resealing, retire_key
from invigil.kernel.ids import JobId
from invigil.platform.jobs.model import Job, JobState
from invigil.platform.keys import KeyringError, KeyringFile
from invigil.platform.operating import command_line_operator
from invigil.platform.ports import Ports
from invigil.platform.settings import Settings

app = typer.Typer(
    no_args_is_help=True,
    help="""密钥（the sealed keyring）

    A new key, and the end of an old one, while everybody goes on working:

      invigil keys rotate        add a key; everything is sealed anew in the background
      invigil keys status        how far that is
      invigil keys retire 1      drop the old key, once nothing needs it
    """,
)
LOOK_EVERY_S = 1.0


@app.command("rotate")
def rotate() -> None:
    """Add a new master key: it seals from now on; what older keys sealed still opens and is sealed anew in the background.

    Running processes of this machine take the new key up by themselves within seconds. Copy the keyring to every other
    machine at once: a process there cannot open what the new key has sealed.
    """
    settings = Settings()
    try:
        rotated = KeyringFile(settings.keyring_path, read_seal(settings)).rotate()
    except KeyringError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    typer.echo(f"已启用第 {rotated.newest_version} 版主密钥，请备份密钥环（key added; back the keyring up）")
    if asyncio.run(is_installed(settings.database_url)):
        job_id = with_ports(lambda ports: order_resealing(ports, command_line_operator()))
        typer.echo(f"已安排后台重新加密：{job_id}；用 invigil keys status 查看进度（re-encryption queued）")


@app.command("reseal")
def reseal(
    *, wait: Annotated[bool, typer.Option("--wait", help="show the progress until it has ended")] = False
) -> None:
    """Seal everything that stands under an older key anew, in the background (`rotate` orders this by itself)."""
    job = with_ports(lambda ports: _order(ports, is_waited_for=wait))
    typer.echo(f"{job.id}：{_say(job)}")
    if job.state in (JobState.FAILED, JobState.REFUSED):
        raise typer.Exit(1)


@app.command("status")
def status() -> None:
    """Show the keys, what stands under each, and how far the re-encryption is."""
    versions, holdings, job = with_ports(_look)
    for version in versions:
        note = "（使用中 in use）" if version == versions[-1] else ""
        typer.echo(f"第 {version} 版{note}：{holdings.cells[version]} 个字段，{holdings.blobs[version]} 个文件")
    if job is not None:
        typer.echo(f"最近一次重新加密 {job.id}：{_say(job)}")


@app.command("retire")
def retire(version: Annotated[int, typer.Argument(help="the old key's version, see `invigil keys status`")]) -> None:
    """Drop an old master key for good; refused while anything still needs it.

    Backups made before the re-encryption open only with a copy of the keyring from before: keep the two together.
    """
    settings = Settings()

    async def run(ports: Ports) -> None:
        await retire_key(
            ports, command_line_operator(), KeyringFile(settings.keyring_path, read_seal(settings)), version
        )

    with_ports(run)
    typer.echo(f"第 {version} 版主密钥已停用（retired）")


async def _order(ports: Ports, *, is_waited_for: bool) -> Job:
    job_id = await order_resealing(ports, command_line_operator())
    job = await _read(ports, job_id)
    while is_waited_for and not job.state.is_final:
        await asyncio.sleep(LOOK_EVERY_S)
        job = await _read(ports, job_id)
        typer.echo(_say(job))
    return job


async def _read(ports: Ports, job_id: JobId) -> Job:
    async with ports.db.reading() as tx:
        return await ports.jobs.access(tx, job_id, command_line_operator(), may_see_all=True)


async def _look(ports: Ports) -> tuple[tuple[int, ...], Holdings, Job | None]:
    async with ports.db.reading() as tx:
        job = await ports.jobs.find_last(tx, RESEAL)
    return ports.keys.versions, await count_holdings(ports), job


def _say(job: Job) -> str:
    progress = f" {job.done}/{job.total} {job.message.zh}" if job.total else ""
    outcome = f"，{job.result['unreadable']} 处无法解开" if job.result and job.result.get("unreadable") else ""
    return f"{_STATES[job.state]}{progress}{outcome}"


_STATES = {
    JobState.QUEUED: "排队中",
    JobState.RUNNING: "进行中",
    JobState.DONE: "已完成",
    JobState.REFUSED: "被拒绝",
    JobState.FAILED: "失败",
    JobState.CANCELLED: "已取消",
}
