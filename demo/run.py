"""`make demo`: install, load the demo fair, then serve it until Ctrl-C. Standard library only: it runs before anything is installed."""

import errno
import http.client
import os
import signal
import socket
import sys
import time

from demo import environment, lock, logins
from demo.supervisor import Supervisor
from tools import bootstrap

READY_WITHIN = 60.0  # seconds


def main() -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):  # a closed window, too, ends the loading and not only this process
        signal.signal(number, signal.default_int_handler)
    try:
        return _run()
    except KeyboardInterrupt:  # until the supervisor takes the signals
        return bootstrap.interrupted()


def _run() -> int:
    port = environment.port_number()
    held = lock.hold(environment.VAR / "demo.lock")
    addresses = _free_addresses(port)
    bootstrap.make_ready("runtime")
    environment.apply()
    os.chdir(environment.ROOT)
    code = bootstrap.run([str(environment.PYTHON), "-m", "demo.load"])
    if code:
        return code
    print("\nStarting the web server, the notification worker and its scheduler …", flush=True)
    # Celery warns at length about the superuser; that matters on a server, not for a demo in a container.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:::celery.platforms")
    supervisor = Supervisor(_commands(addresses))
    supervisor.start()
    with held:
        return supervisor.run(is_ready=lambda: _is_ready(port), on_ready=lambda: _print_addresses(port), ready_within=READY_WITHIN)


def _free_addresses(port: int) -> list[str]:
    """Where to listen: IPv4 and, where the machine has it, IPv6, so that ``localhost`` works whichever it means. Ends when taken."""
    addresses = []
    for family, host, written in ((socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except PermissionError:
            sys.exit(f"Port {port} needs more rights than this process has: PORT={_another(port)} make demo picks another.")
        except OSError as error:
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                sys.exit(f"Port {port} is taken by another program: PORT={_another(port)} make demo picks another.")
            continue  # no IPv6 on this machine
        addresses.append(f"{written}:{port}")
    return addresses


def _another(port: int) -> int:
    """Ten further on, of those that need no rights."""
    return port + 10 if 1024 <= port <= 65_525 else 8010


def _commands(addresses: list[str]) -> dict[str, list[str]]:
    python = str(environment.PYTHON)
    binds = [option for address in addresses for option in ("--bind", address)]
    return {
        "web": [python, "-m", "gunicorn", "config.wsgi", *binds],
        # Nobody else to meet on the embedded broker: no gossip, no mingle.
        "worker": [python, "-m", "celery", "-q", "-A", "config", "worker", "-c", "2", "--without-gossip", "--without-mingle", "-l", "INFO"],
        "beat": [python, "-m", "celery", "-q", "-A", "config", "beat", "--pidfile=", "-l", "WARNING"],
    }


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _print_addresses(port: int) -> None:
    site = f"http://localhost:{port}"
    mails = os.environ.get("EMAIL_URL", "").strip()
    mails = (mails.rpartition("@")[2] or mails) if mails else f"{environment.VAR / 'mail'} (one .eml file a letter)"
    lines = [
        "",
        "Yarmarka is running.",
        f"  web       {site}/",
        f"  admin     {site}/admin/",
        f"  API docs  {site}/api/v1/docs/",
        f"  emails    {mails}",
        "",
        f"Demo logins, all with the password {logins.PASSWORD}",
        f"  {'role':<24}{'email':<38}name",
        f"  {'admin (everything)':<24}{logins.ADMIN.email:<38}{logins.ADMIN.name}",
        *(f"  {login.role.replace('_', ' '):<24}{login.email:<38}{login.name}" for login in logins.STAFF),
        *(f"  {'exhibitor, ' + login.role:<24}{login.email:<38}{login.name}" for login in logins.EXHIBITORS),
        "",
        f"Stop with Ctrl-C. Started at {time.strftime('%H:%M:%S')}.",
        "",
    ]
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    sys.exit(main())
