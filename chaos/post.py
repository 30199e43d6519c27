"""Letters under fire: written through the outbox's own door, counted from outside, in the rows and in the mail server."""

import time
from collections.abc import Callable

from django.db import DatabaseError, InterfaceError, connection

from benchmarks.sink import Sink
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_letters

AT_ONCE = 500
LANGUAGES = ("ru", "zh-hans", "en")


def clear(redis) -> None:
    """Nothing is left of what ran before: no letter is on its way, no message in the broker."""
    Letter.objects.unsent().update(status=LetterStatus.CANCELLED, sealed="", is_held=False, claimed_until=None)
    redis.flush()


def write(name: str, count: int) -> dict[str, str]:
    """``count`` letters, each to an address of its own; returns the Message-ID of each address."""
    for start in range(0, count, AT_ONCE):
        write_letters(
            [
                NewLetter(
                    key=f"{name}:{number}",
                    to=f"{name}{number}@chaos.example",
                    name="Анна 王",
                    occasion="accounts.already_registered",
                    language=LANGUAGES[number % 3],
                )
                for number in range(start, min(start + AT_ONCE, count))
            ],
            are_new=True,
        )
    return ids_of(name)


def ids_of(name: str) -> dict[str, str]:
    return dict(Letter.objects.filter(key__startswith=f"{name}:").values_list("recipient_email", "message_id"))


def wait(is_so: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Seconds until ``is_so``. Raises SystemExit when it takes longer than ``seconds``."""
    began = time.monotonic()
    while not _asked(is_so):
        if time.monotonic() - began > seconds:
            raise SystemExit(f"{what}: not within {seconds:.0f} s.")
        time.sleep(0.05)
    return time.monotonic() - began


def _asked(is_so: Callable[[], bool]) -> bool:
    try:
        return is_so()
    except (DatabaseError, InterfaceError):
        connection.close()
        return False


def none_unsent() -> bool:
    return not Letter.objects.unsent().exists()


def lost(ids: dict[str, str], sink: Sink) -> int:
    """Letters that did not come, or whose row does not say that they have left."""
    came = {mail.id for mail in sink.mails()}
    sent = set(Letter.objects.filter(message_id__in=ids.values(), status=LetterStatus.SENT).values_list("message_id", flat=True))
    return sum(number not in came or number not in sent for number in ids.values())


def doubled(ids: dict[str, str], sink: Sink) -> tuple[int, int, int]:
    """Copies beyond the first: all; those of which a former copy was not on the wire when its worker was killed; those under another id."""
    mails = sink.mails()
    on_the_wire = sink.on_the_wire()
    places: dict[str, list[int]] = {}
    for place, mail in enumerate(mails):
        places.setdefault(mail.to, []).append(place)
    copies = {to: found for to, found in places.items() if to in ids and len(found) > 1}
    off_wire = sum(place not in on_the_wire for found in copies.values() for place in found[:-1])
    renamed = sum(mails[place].id != ids[to] for to, found in copies.items() for place in found)
    return sum(len(found) - 1 for found in copies.values()), off_wire, renamed
