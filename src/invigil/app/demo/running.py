"""Running the demonstration: records, server process, preparation, simulated candidates, results."""

import asyncio
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from invigil.app.composition import load_keys, opened_ports
from invigil.app.demo.client import Browser
from invigil.app.demo.people import PASSWORD, STAFF, create_demo_staff
from invigil.app.demo.preparing import OPEN_SUBJECT, Prepared, Team, open_sittings, prepare_examination
from invigil.app.migrating import upgrade
from invigil.app.sample.questions import read_sample_files
from invigil.kernel.principals import SYSTEM
from invigil.platform.settings import HttpSettings, Settings
from invigil.prepare.questions.api import add_parsed

Say = Callable[[str], None]
# A machine that carries much else starts one in a minute.
SERVER_WITHIN_S = 180
# Open connections are given 10 s, the worker 15 s, a loaded machine the rest.
STOPS_WITHIN_S = 90


class Demo:
    """One demonstration in a folder of its own.

    The server is a real one in a process of its own; everything but the staff accounts and the question bank (which need no
    hands) is prepared through its interface.
    """

    def __init__(self, folder: Path, port: int, say: Say) -> None:
        self.settings = Settings(data_folder=folder / "data", demo=True, http=HttpSettings(port=port))
        self.origin = f"https://127.0.0.1:{port}"
        self._say = say
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Make fresh records and start the server.

        Raises: RuntimeError - the server does not come up.
        """
        folder = self.settings.data_folder
        for old in (folder, folder.with_name("data.seal"), folder.with_name("data.audit-checkpoints.jsonl")):
            if old.is_dir():
                shutil.rmtree(old)
            else:
                old.unlink(missing_ok=True)
        folder.mkdir(parents=True)
        self._say("建立数据库与密钥")
        asyncio.run(self._fill())
        self.serve()

    def serve(self) -> None:
        """Start the server on the records as they are.

        Raises: RuntimeError - the server does not come up.
        """
        environment = os.environ | self.choose_environment()
        command = (sys.executable, "-m", "invigil.app.cli", "serve")
        self._server = subprocess.Popen(command, env=environment)  # noqa: S603 - our own module
        self._wait_for_server()

    def choose_environment(self) -> dict[str, str]:
        """Return the settings of the server's process."""
        return {
            "INVIGIL_DEMO": "true",
            "INVIGIL_DATA_FOLDER": str(self.settings.data_folder),
            "INVIGIL_HTTP__PORT": str(self.settings.http.port),
        }

    async def _fill(self) -> None:
        await upgrade(self.settings.database_url, lambda: load_keys(self.settings))
        async with opened_ports(self.settings) as ports:
            await create_demo_staff(ports)
            self._say("建立示例题库")
            await add_parsed(ports, SYSTEM, read_sample_files())

    def _wait_for_server(self) -> None:
        assert self._server is not None  # noqa: S101 - started
        until = time.monotonic() + SERVER_WITHIN_S
        while time.monotonic() < until:
            if self._server.poll() is not None:
                raise RuntimeError("the server has ended")
            try:
                httpx.get(f"{self.origin}/api/health", verify=False, timeout=2)  # noqa: S501 - only whether it answers
            except httpx.TransportError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server does not answer")

    def browser(self) -> Browser:
        """Return a new browser."""
        return Browser(self.origin, self.settings.data_folder / "tls" / "certificate.pem")

    def staff(self, login_name: str) -> Browser:
        """Return a browser in which this member of staff has logged in."""
        browser = self.browser()
        browser.log_in("/api/staff/login", {"login_name": login_name, "password": PASSWORD})
        return browser

    def prepare(self) -> Prepared:
        """Prepare the examination."""
        team = self.team()
        return open_sittings(team, self._say, prepare_examination(team, self._say))

    def team(self) -> Team:
        """Return the three who prepare, logged in."""
        return Team(self.staff("admin"), self.staff("admin2"), self.staff("board"))

    def wait(self) -> None:
        """Wait until the server ends."""
        assert self._server is not None  # noqa: S101 - started
        self._server.wait()

    def stop(self) -> None:
        """End the server."""
        if self._server is not None and self._server.poll() is None:
            self._server.terminate()
            self._server.wait(timeout=STOPS_WITHIN_S)

    def watcher_of(self, sitting_id: str) -> str:
        """Return the login name of the proctor who was given the sitting's first room."""
        proctors = self.staff("patrol").get(f"/api/patrol/sittings/{sitting_id}")["rooms"][0]["proctors"]
        given = {one["name"] for one in proctors}
        return next((one.login_name for one in STAFF if one.display_name in given), "admin")

    def describe(self, tickets: list[str], candidate_password: str, watching: str) -> str:
        """Return what a newcomer needs: addresses and accounts. watching: the account that sees the open sitting's wall."""
        staff = "\n".join(f"    {one.login_name:<10} {one.display_name}" for one in STAFF)
        return (
            f"\n明鉴演示环境已就绪（自签名证书，浏览器会提示不受信任，选择继续即可）\n\n"
            f"  考生端   {self.origin}/\n"
            f"  工作台   {self.origin}/console/\n"
            f"  监考墙   {self.origin}/console/wall（用 {watching} 登录；第二场开考后，其余考生的画面陆续出现）\n\n"
            f"  工作人员账号（密码均为 {PASSWORD}）：\n{staff}\n\n"
            f"  考生准考证号（{OPEN_SUBJECT} 类，第二场考核中；密码均为 {candidate_password}）：\n    "
            + "  ".join(tickets)
            + "\n\n  按 Ctrl+C 结束。\n"
        )
