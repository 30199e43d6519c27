"""People who register for the conference, one after the other and two at a time, and readers of the catalogue, while something breaks."""

import itertools
import threading
import time
from dataclasses import dataclass

from benchmarks.processes import Server
from chaos.volley import ask
from chaos.world import CONFERENCE, SLUG
from conferences.models import Delegate
from notifications.models import Letter

PEOPLE = 2
PAUSE = 0.1  # seconds between two requests of one of them


@dataclass(frozen=True)
class Asked:
    """One request: when it was sent (monotonic clock), what was answered (0: nothing), and who registered ('': a reader)."""

    at: float
    status: int
    email: str


class Load:
    """Runs as long as the ``with`` does."""

    def __init__(self, server: Server, name: str) -> None:
        self.asked: list[Asked] = []
        self._server, self._name = server, name
        self._is_over = threading.Event()
        self._numbers = itertools.count()
        self._people = [threading.Thread(target=self._ask, daemon=True) for _person in range(PEOPLE)]

    def __enter__(self) -> "Load":
        for person in self._people:
            person.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._is_over.set()
        for person in self._people:
            person.join()

    def _ask(self) -> None:
        while not self._is_over.is_set():
            email = f"{self._name}{next(self._numbers)}@chaos.example"
            self._one("POST", f"/api/v1/conferences/{CONFERENCE}/delegates/", {"name": "Анна", "email": email}, email)
            self._one("GET", f"/api/v1/fairs/{SLUG}/exhibitors/", None, "")
            time.sleep(PAUSE)

    def _one(self, method: str, path: str, body: object, email: str) -> None:
        at = time.monotonic()
        try:
            status = ask(self._server.port, method, path, body).status
        except OSError:
            status = 0
        self.asked.append(Asked(at, status, email))

    def errors(self, *, since: float = 0.0) -> int:
        """Requests sent from ``since`` on that were not answered, or with a fault of ours."""
        return sum(one.status == 0 or one.status >= 500 for one in self.asked if one.at >= since)

    def registered(self) -> list[str]:
        """Who was told so."""
        return [one.email for one in self.asked if one.email and one.status == 201]

    def ids(self) -> dict[str, str]:
        """The Message-ID of each letter to one of them."""
        return dict(Letter.objects.filter(recipient_email__in=self.registered()).values_list("recipient_email", "message_id"))

    def without_letter(self) -> int:
        return len(set(self.registered()) - set(self.ids()))

    def half_done(self) -> int:
        """Who is registered without a letter, or has a letter without being registered, told so or not."""
        people = {one.email for one in self.asked if one.email}
        delegates = set(Delegate.objects.filter(email__in=people).values_list("email", flat=True))
        readers = set(Letter.objects.filter(recipient_email__in=people).values_list("recipient_email", flat=True))
        return len(delegates ^ readers) + len(set(self.registered()) - delegates)
