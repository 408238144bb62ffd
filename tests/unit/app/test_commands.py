"""The command line: receipts verify offline, the protocol is current, no key no start."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from invigil.app.cli.generating import describe_protocol
from invigil.app.cli.main import app
from invigil.app.serving import UnsafeDemoError, run_server
from invigil.platform.settings import HttpSettings, Settings

REPOSITORY = Path(__file__).parents[3]
VECTOR = json.loads((REPOSITORY / "tests" / "vectors" / "receipt.json").read_text())
BATCH = json.loads((REPOSITORY / "tests" / "vectors" / "receipt_batch.json").read_text())


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


def _verify_of_batch(tmp_path: Path, place: int, **changes: object) -> int:
    one = BATCH["receipts"][place]
    document = {**one["signed"], "signing_key": BATCH["signing_key"], "sheet": one["sheet"], **changes}
    (tmp_path / "receipt.json").write_text(json.dumps(document))
    return CliRunner().invoke(app, ["verify-receipt", str(tmp_path / "receipt.json")]).exit_code


@pytest.mark.parametrize("place", range(5))
def test_receipts_that_were_signed_together_verify_offline_each_for_its_own_sheet(tmp_path: Path, place: int) -> None:
    assert _verify_of_batch(tmp_path, place) == 0
    other = BATCH["receipts"][place - 1]
    assert _verify_of_batch(tmp_path, place, sheet=other["sheet"]) == 1
    assert _verify_of_batch(tmp_path, place, receipt=other["signed"]["receipt"], sheet=other["sheet"]) == 1


@pytest.mark.parametrize(
    "change",
    [lambda _: "", lambda path: path[:44], lambda path: path[1:], lambda path: "C" + path[1:], lambda _: "!", lambda path: path + path],
)  # fmt: skip
def test_a_changed_path_does_not_verify(tmp_path: Path, change: Callable[[str], str]) -> None:
    assert _verify_of_batch(tmp_path, 0, path=change(BATCH["receipts"][0]["signed"]["path"])) == 1


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


def _run(folder: Path, *words: str) -> tuple[int, str]:
    ended = CliRunner().invoke(app, list(words), env={"INVIGIL_DATA_FOLDER": str(folder / "data")})
    return ended.exit_code, ended.output


def test_a_new_installation_from_the_first_account_to_imports(tmp_path: Path) -> None:
    assert _run(tmp_path, "migrate")[0] == 0
    staff = ("staff", "create", "first", "王敏", "--role", "administrator", "--password")
    assert _run(tmp_path, *staff, "short")[0] == 1
    assert _run(tmp_path, *staff, "a long enough password")[0] == 0
    (tmp_path / "q.txt").write_text(
        "一、单选题\n1、安全帽的作用是（ A ）。\nA、保护头部\nB、保暖\n难度：1 知识点：防护\n"
    )
    code, output = _run(tmp_path, "import", "questions", str(tmp_path / "q.txt"), "--subject", "A", "--confirm")
    assert code == 0, output
    assert "已写入" in output
    (tmp_path / "c.csv").write_text(
        "姓名,身份证号,单位,手机,报考类别\n张三,110101199003070011,甲公司,13800000000,A类\n"
    )
    code, output = _run(tmp_path, "import", "candidates", str(tmp_path / "c.csv"), "--exam", "exam_x")
    assert (code, "没有这场考试" in output) == (1, True)
    assert _run(tmp_path, "keys", "rotate")[0] == 0
    code, output = _run(tmp_path, "audit", "verify")
    assert (code, "审计链完整" in output) == (0, True), output


def test_without_the_seal_nothing_starts_and_nothing_is_made_anew(tmp_path: Path) -> None:
    assert _run(tmp_path, "migrate")[0] == 0
    assert _run(tmp_path, "audit", "verify")[0] == 0
    seal = tmp_path / "data.seal"
    kept = seal.read_bytes()
    seal.unlink()
    code, output = _run(tmp_path, "audit", "verify")
    assert (code, "封条" in output) == (1, True)
    seal.write_bytes(kept)
    (tmp_path / "data" / "keys" / "keyring.json").unlink()
    code, output = _run(tmp_path, "audit", "verify")
    assert (code, "找不到密钥环" in output) == (1, True)


def test_a_new_key_and_the_end_of_the_old_one(tmp_path: Path) -> None:
    assert _run(tmp_path, "migrate")[0] == 0
    staff = ("staff", "create", "first", "王敏", "--role", "administrator", "--password", "a long enough password")
    assert _run(tmp_path, *staff)[0] == 0
    (tmp_path / "q.txt").write_text("单选题\n1、安全帽的作用是（ A ）。\nA、保护头部\nB、保暖\n知识点：防护\n")
    assert _run(tmp_path, "import", "questions", str(tmp_path / "q.txt"), "--subject", "A", "--confirm")[0] == 0
    code, output = _run(tmp_path, "keys", "rotate")
    assert (code, "第 2 版" in output, "已安排后台重新加密" in output) == (0, True, True), output
    code, output = _run(tmp_path, "keys", "retire", "1")
    assert (code, "rekeying.keyring_just_changed" in output) == (1, True), output
    keyring = tmp_path / "data" / "keys" / "keyring.json"
    os.utime(keyring, (keyring.stat().st_mtime - 3_600,) * 2)
    code, output = _run(tmp_path, "keys", "retire", "1")
    assert (code, "rekeying.version_still_needed" in output) == (1, True), output
    assert "排队中" in _run(tmp_path, "keys", "status")[1]
    # A command that waits for its own work carries out what is queued, as a worker would.
    assert _run(tmp_path, "import", "questions", str(tmp_path / "q.txt"), "--subject", "A")[0] == 0
    code, output = _run(tmp_path, "keys", "status")
    assert (code, "第 1 版：0 个字段，0 个文件" in output, "已完成" in output) == (0, True, True), output
    code, output = _run(tmp_path, "keys", "retire", "1")
    assert (code, "已停用" in output) == (0, True), output
    assert _run(tmp_path, "audit", "verify")[0] == 0
    assert _run(tmp_path, "keys", "retire", "1")[0] == 1


def test_candidates_in_browsers_say_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = CliRunner().invoke(app, ["demo", "--folder", str(tmp_path / "demo"), "--with-candidates", "1"])
    assert done.exit_code == 1
    assert "chromium、xvfb" in done.output
    assert not (tmp_path / "demo").exists()
