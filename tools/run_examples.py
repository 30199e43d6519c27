"""Plays every script of examples/ against a demo that is started for it on a free port: ``python -m tools.run_examples``."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted((ROOT / "examples").glob("*_story.py"))
READY_WITHIN = 180.0  # seconds: the fair may have to be loaded first


def main() -> int:
    port = _free_port()
    with tempfile.TemporaryFile("w+") as said:
        command = [sys.executable, "-m", "demo.run"]
        demo = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PORT": str(port)}, stdout=said, stderr=subprocess.STDOUT)
        try:
            if not _is_ready(demo, port):
                said.seek(0)
                print(said.read()[-3000:])
                print("The demo did not start.")
                return 1
            return max(_play(script, port) for script in SCRIPTS)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(timeout=60)


def _play(script: Path, port: int) -> int:
    print(f"--- {script.relative_to(ROOT)}", flush=True)
    command = [sys.executable, str(script), "--site", f"http://localhost:{port}"]
    return subprocess.run(command, cwd=ROOT, check=False, timeout=600).returncode


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_ready(demo: "subprocess.Popen[bytes]", port: int) -> bool:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and demo.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
            if connection.getresponse().status == http.client.OK:
                return True
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
        time.sleep(0.5)
    return False


if __name__ == "__main__":
    sys.exit(main())
