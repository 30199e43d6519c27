"""Reads the letters that a server with EMAIL_URL empty writes into a folder, as `make demo` does."""

import email
import email.policy
import re
import time
from email.message import EmailMessage
from pathlib import Path

PATIENCE = 60.0  # seconds: the worker looks for letters all the time


def letter_to(folder: Path, address: str, *, after: float, about: str = "") -> EmailMessage:
    """The newest letter to ``address`` written since ``after`` whose subject or text holds ``about``. Waits for it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        files = [path for path in folder.glob("**/*") if path.is_file() and path.stat().st_mtime >= after]
        for path in sorted(files, key=lambda path: path.stat().st_mtime, reverse=True):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            if address in str(message["To"]) and about in f"{message['Subject']}\n{text_of(message)}":
                return message  # type: ignore[return-value]
        time.sleep(0.3)
    raise SystemExit(f"No letter to {address} in {folder} within {PATIENCE:.0f} seconds.")


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n") if part else ""


def code_in(message: EmailMessage) -> str:
    """The code that stands alone on an indented line."""
    found = re.search(r"^    (\S+)$", text_of(message), re.MULTILINE)
    if found is None:
        raise SystemExit(f"No code in the letter “{message['Subject']}”.")
    return found.group(1)
