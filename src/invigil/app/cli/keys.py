"""`invigil keys`: the sealed keyring."""

import typer

from invigil.app.composition import read_seal
from invigil.platform.keys import KeyringError, load_keyring
from invigil.platform.keys.keyring import with_new_master_key, write_keyring
from invigil.platform.settings import Settings

app = typer.Typer(no_args_is_help=True, help="密钥（the sealed keyring）")


@app.command("rotate")
def rotate() -> None:
    """Add a new master key: what is sealed from now on uses it, everything older still opens.

    Restart every `serve` and `worker` afterwards: a process that started before cannot open what newer ones seal.
    """
    settings = Settings()
    try:
        seal = read_seal(settings)
        rotated = with_new_master_key(load_keyring(settings.keyring_path, seal))
    except KeyringError as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from fault
    write_keyring(settings.keyring_path, seal, rotated)
    typer.echo(f"已启用第 {rotated.newest_version} 版主密钥；请重启所有进程，并备份密钥环（restart every process）")
