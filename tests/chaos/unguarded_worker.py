"""The control of the killed workers: the product with a worker that writes down at the wrong moment.

``UNGUARDED=early``: a letter is marked as sent before it is. ``late``: letters are marked when their batch is over. Nothing in the
product can do either.
"""

import os

import django

from config.celery import app as app

django.setup()

from django.utils import timezone  # noqa: E402  # the models need the settings first

from notifications import delivery, records  # noqa: E402


def _early(letter, mailer, files):
    records.record_sent(letter, now=timezone.now())
    return _send(letter, mailer, files)


class _Late:
    """Keeps what was sent until the connection is closed."""

    def __init__(self):
        self.kept = []

    def record(self, letter, *, now):
        self.kept.append((letter, now))

    def close(self, mailer):
        for letter, now in self.kept:
            _record(letter, now=now)
        self.kept.clear()
        _close(mailer)


_send, _record, _close = delivery._send_claimed, records.record_sent, delivery._close
if os.environ["UNGUARDED"] == "early":
    delivery._send_claimed = _early
else:
    _late = _Late()
    records.record_sent = _late.record
    delivery._close = _late.close
