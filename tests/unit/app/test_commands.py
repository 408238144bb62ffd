"""The command line: receipts verify offline, the protocol is current, no key no start."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from invigil.app.cli.generating import describe_protocol
from invigil.app.cli.main import app
from invigil.app.serving import UnsafeDemoError, run_server
from invigil.platform.settings import HttpSettings, Settings

REPOSITORY = Path(__file__).parents[3]
VECTOR = json.loads((REPOSITORY / "tests" / "vectors" / "receipt.json").read_text())


def _file(tmp_path: Path, **changes: object) -> str:
    document = {**VECTOR["signed"], "signing_key": VECTOR["signing_key"], "sheet": VECTOR["sheet"], **changes}
    path = tmp_path / "receipt.json"
    path.write_text(json.dumps(document))
    return str(path)


def test_a_genuine_receipt_verifies_offline(tmp_path: Path) -> None:
    ended = CliRunner().invoke(app, ["verify-receipt", _file(tmp_path)])
    assert ended.exit_code == 0, ended.output
    assert "回执有效" in ended.output
    known = CliRunner().invoke(app, ["verify-receipt", _file(tmp_path), "--key", VECTOR["signing_key"]])
    assert (known.exit_code, "指纹" in known.output) == (0, False)


@pytest.mark.parametrize(
    "changes",
    [
        {"receipt": {**VECTOR["signed"]["receipt"], "number": "0000-0000-0000"}},
        {"signature": VECTOR["signed"]["signature"][:-4] + "AAAA"},
        {"sheet": {**VECTOR["sheet"], "seq": 999}},
        {"signing_key": "not a key"},
        {"receipt": None},
    ],
)
def test_a_changed_receipt_does_not_verify(tmp_path: Path, changes: dict[str, object]) -> None:
    ended = CliRunner().invoke(app, ["verify-receipt", _file(tmp_path, **changes)])
    assert ended.exit_code == 1
    assert "回执无效" in ended.output


def test_the_socket_types_are_current() -> None:
    written = (REPOSITORY / "web" / "packages" / "protocol" / "src" / "generated.ts").read_text()
    assert written == describe_protocol(), "run make generate"


def test_the_demonstration_never_listens_to_other_machines(tmp_path: Path) -> None:
    with pytest.raises(UnsafeDemoError):
        run_server(Settings(data_folder=tmp_path / "data", demo=True, http=HttpSettings(host="0.0.0.0")))  # noqa: S104 - refused


def test_every_command_has_help() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
