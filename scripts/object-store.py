"""The servers of OpenStack Swift for tests, each a process: account, container, object, proxy with the S3 interface.

python scripts/object-store.py FOLDER: serves until told to stop; writes FOLDER/endpoint once the bucket is there.
"""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

KINDS = ("account", "container", "object")
ACCESS_KEY, SECRET, BUCKET = "test:tester", "testing", "recordings"
SWIFT_CONF = """[swift-hash]
swift_hash_path_prefix = tests
swift_hash_path_suffix = tests
[storage-policy:0]
name = one
default = yes
"""
BACKEND = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
devices = {home}/devices
mount_check = false
swift_dir = {home}
user = {user}
workers = 0
log_statsd_host =
[pipeline:main]
pipeline = {kind}-server
[app:{kind}-server]
use = egg:swift#{kind}
"""
PROXY = """[DEFAULT]
bind_ip = 127.0.0.1
bind_port = {port}
swift_dir = {home}
user = {user}
workers = 2
cors_allow_origin = *
[pipeline:main]
pipeline = catch_errors s3api tempauth bulk slo dlo proxy-server
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
location = local
s3_acl = false
cors_preflight_allow_origin = *
allow_multipart_uploads = true
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:bulk]
use = egg:swift#bulk
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
[app:proxy-server]
use = egg:swift#proxy
allow_account_management = true
account_autocreate = true
"""


def serve(home: Path, kind: str) -> None:
    """Be one server of Swift. Its main configuration stands at a fixed place, which is moved to our folder first."""
    import swift.common.utils as utils

    utils.SWIFT_CONF_FILE = str(home / "swift.conf")
    from swift.common.wsgi import run_wsgi

    sys.exit(run_wsgi(str(home / f"{kind}.conf"), f"{kind}-server"))


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_settings(home: Path) -> int:
    """Write rings and settings; return the proxy's port."""
    import getpass

    user = getpass.getuser()
    (home / "devices" / "d1").mkdir(parents=True, exist_ok=True)
    (home / "swift.conf").write_text(SWIFT_CONF)
    builder = Path(sys.executable).with_name("swift-ring-builder")
    for kind in KINDS:
        port = free_port()
        (home / f"{kind}.conf").write_text(BACKEND.format(port=port, home=home, user=user, kind=kind))
        ring = home / f"{kind}.builder"
        ring.unlink(missing_ok=True)
        for words in (["create", "4", "1", "1"], ["add", f"r1z1-127.0.0.1:{port}/d1", "1"], ["rebalance"]):
            subprocess.run(
                [sys.executable, str(builder), str(ring), *words],
                check=words != ["rebalance"],
                stdout=subprocess.DEVNULL,
            )
    port = free_port()
    (home / "proxy.conf").write_text(PROXY.format(port=port, home=home, user=user))
    return port


def make_bucket(endpoint: str) -> None:
    """Make the bucket, as soon as the servers answer."""
    import base64
    import hashlib
    import hmac
    from email.utils import formatdate

    for _ in range(150):
        date = formatdate(usegmt=True)
        message = f"PUT\n\n\n{date}\n/{BUCKET}"
        code = base64.b64encode(hmac.new(SECRET.encode(), message.encode(), hashlib.sha1).digest()).decode()
        headers = {"Date": date, "Authorization": f"AWS {ACCESS_KEY}:{code}"}
        request = urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT", headers=headers)
        try:
            urllib.request.urlopen(request, timeout=5)
            return
        except urllib.error.HTTPError as fault:
            if fault.code == 409:  # it is there from last time
                return
        except OSError:
            pass
        time.sleep(0.2)
    raise SystemExit("the object store does not answer")


def main() -> None:
    """Start the servers and wait."""
    home = Path(sys.argv[1])
    if len(sys.argv) > 2:
        serve(home, sys.argv[2])
        return
    (home / "endpoint").unlink(missing_ok=True)
    endpoint = f"http://127.0.0.1:{write_settings(home)}"
    servers = [subprocess.Popen([sys.executable, __file__, str(home), kind]) for kind in (*KINDS, "proxy")]

    def stop(_signal: int, _frame: object) -> None:
        # Swift's servers leave our process group; each ends its own workers.
        for server in servers:
            server.terminate()

    signal.signal(signal.SIGTERM, stop)
    make_bucket(endpoint)
    (home / "endpoint").write_text(endpoint + "\n")
    for server in servers:
        server.wait()


if __name__ == "__main__":
    os.umask(0o077)
    main()
