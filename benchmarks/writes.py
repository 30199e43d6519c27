"""What writing costs: an application created and submitted over the API, its letters written and not sent."""

import itertools
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.utils import timezone

import clock
from accounts.models import User
from benchmarks.figures import Figures
from benchmarks.processes import Server
from benchmarks.sessions import session_token
from exhibitors.enums import CompanyRole
from exhibitors.models import Company, CompanyContact, CompanyMember, ProductCategory, Region
from fairs.enums import FairStatus, SiteKind, StaffRole
from fairs.models import Fair, Site, StaffMembership
from notifications.models import Letter

SLUG = "bench-open"
ROUNDS = 5
WARM_UP = 60  # applications before the first round: every thread has its connection, every process its statements
PAIRS = 50  # applications a round
TRIVIAL = 600  # requests a round
CLIENTS = 4
SECONDS = 5.0  # of each throughput round
COMPANIES = 3_000  # that one exhibitor applies for
OTHERS = 20_000  # that the minimal view inserts for: it is that much faster
_PATH = f"/api/v1/fairs/{SLUG}/applications/"


@dataclass
class Desk:
    """Companies that have not applied yet, and who applies for them."""

    token: str
    companies: Iterator[int]
    others: Iterator[int]  # for the minimal view
    fair: Fair
    site: Site
    category: ProductCategory

    def body(self) -> dict[str, Any]:
        wish = {"site": self.site.slug, "requested_area_m2": {"min": 6, "wished": 9, "max": 12}, "scheme": "shell"}
        return {"company": next(self.companies), "categories": [self.category.code], "sites": [wish]}

    def rows(self, letters: int) -> dict[str, Any]:
        days = {"first_day": self.site.starts_on.isoformat(), "last_day": self.site.ends_on.isoformat()}
        ids = {"fair": self.fair.pk, "site": self.site.pk, "category": self.category.pk}
        return {**ids, **days, "company": next(self.others), "letters": letters}


def open_desk() -> Desk:
    """A fair that takes applications now, with two who decide; companies with a contact each, all of one exhibitor."""
    now = timezone.now()
    start = (now + timedelta(days=120)).date()
    days = {"starts_on": start, "ends_on": start + timedelta(days=9)}
    fair = Fair.objects.create(
        slug=SLUG, name_en="Open fair", time_zone="Asia/Shanghai", status=FairStatus.PUBLISHED,
        applications_open_at=now - timedelta(days=30), applications_close_at=now + timedelta(days=30), **days,
    )  # fmt: skip
    site = Site.objects.create(
        fair=fair, slug="site", name_en="Site", city_en="City", province="CN-LN", country="CN", kind=SiteKind.HALL, **days
    )
    for name, role in (("owner", StaffRole.OWNER), ("reviewer", StaffRole.REVIEWER)):
        StaffMembership.objects.create(fair=fair, user=User.objects.create_user(f"{name}@open.example", "bench-password-1"), role=role)
    category, region = ProductCategory.objects.earliest("pk"), Region.objects.earliest("pk")
    companies = Company.objects.bulk_create(
        Company(legal_name=f"ООО «Заявитель {n}»", name_en=f"Applicant {n}", country="RU", region=region, inn=_inn(n), search_text="x")
        for n in range(COMPANIES + OTHERS)
    )
    companies, others = companies[:COMPANIES], companies[COMPANIES:]
    applicant = User.objects.create_user("applicant@open.example", "bench-password-1")
    CompanyMember.objects.bulk_create(CompanyMember(company=company, user=applicant, role=CompanyRole.OWNER) for company in companies)
    CompanyContact.objects.bulk_create(
        CompanyContact(company=company, name="Контакт", email="contact@open.example") for company in companies
    )
    own, foreign = (iter([company.pk for company in some]) for some in (companies, others))
    return Desk(session_token(applicant.email), own, foreign, fair, site, category)


def _inn(number: int) -> str:
    """Passes the check and belongs to nobody: begins with 00."""
    digits = f"00{number:07d}"
    weights = (2, 4, 10, 3, 5, 9, 4, 6, 8)
    return digits + str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10)


# --- queries


def measure_queries(desk: Desk, figures: Figures) -> None:
    client = Client(headers={"host": "127.0.0.1", "x-session-token": desk.token})
    with_keys = {"headers": {"idempotency-key": "bench"}}
    _forget()
    made, creating = _counted(lambda: client.post(_PATH, json.dumps(desk.body()), content_type="application/json"), 201)
    path = f"{_PATH}{made['id']}/"
    _made, submitting = _counted(lambda: client.post(f"{path}submit/", "{}", content_type="application/json"), 200)
    _forget()
    draft, retried = _counted(lambda: client.post(_PATH, json.dumps(desk.body()), content_type="application/json", **with_keys), 201)
    path = f"{_PATH}{draft['id']}/"
    tag = client.get(path)["ETag"]
    wishes = [{**wish, "requested_area_m2": {"min": 6, "wished": 12, "max": 18}} for wish in desk.body()["sites"]]
    change = json.dumps({"sites": wishes, "categories": [desk.category.code]})
    _forget()
    _made, patching = _counted(lambda: client.patch(path, change, content_type="application/json", headers={"if-match": tag}), 200)
    figures.add("application_create_queries", creating)
    figures.add("application_create_with_key_queries", retried)
    figures.add("application_submit_queries", creating + submitting)  # create and submit together
    figures.add("application_patch_queries", patching)


def _forget() -> None:
    """As in a process that has just begun."""
    clock.forget()
    for cache in caches.all():
        cache.clear()


def _counted(ask: Any, status: int) -> tuple[Any, int]:
    """The JSON of one request, and how many queries it took; savepoints and the like are no queries."""
    seen: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        seen.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        answer = ask()
    assert answer.status_code == status, answer.content[:500]
    queries = [sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE SAVEPOINT"))]
    if _TELL:
        print("\n".join(sql[:170] for sql in queries))
    return answer.json(), len(queries)


_TELL = False


# --- cost and throughput


def measure(server: Server, minimal: Server, desk: Desk, figures: Figures) -> None:
    before = Letter.objects.count()
    _apply(server, desk)
    letters = Letter.objects.count() - before
    assert letters >= 3, "the receipt and the notices"
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(lambda _number: _apply(server, desk), range(WARM_UP)))
    costs, ours, theirs = [], [], []
    for _round in range(ROUNDS):
        pair = _cpu(server, lambda: [_apply(server, desk) for _pair in range(PAIRS)]) / PAIRS
        trivial = _cpu(server, lambda: [server.get("/api/v1/") for _time in range(TRIVIAL)]) / TRIVIAL
        costs.append(pair / trivial)
    for _round in range(ROUNDS):  # apart, for so many new rows make the database tidy up
        ours.append(_rate(lambda: _apply(server, desk)))
        theirs.append(_rate(lambda: _insert(minimal, desk, letters)))
    figures.add("application_submit_cost", median(costs))
    figures.add("applications_per_second_4_clients", median(ours))
    figures.add("applications_minimal_per_second", median(theirs))


def _apply(server: Server, desk: Desk) -> None:
    headers = {"X-Session-Token": desk.token}
    made = server.post(_PATH, desk.body(), headers, status=201)
    server.post(f"{_PATH}{made['id']}/submit/", {}, headers)


def _insert(server: Server, desk: Desk, letters: int) -> None:
    server.post("/insert/", desk.rows(letters), {})


def _cpu(server: Server, work: Any) -> float:
    began = server.cpu_seconds()
    work()
    return server.cpu_seconds() - began


def _rate(work: Any) -> float:
    """How many a second with some clients, each beginning the next when the last is answered."""
    until = time.monotonic() + SECONDS

    def client(_number: int) -> int:
        for done in itertools.count():
            if time.monotonic() >= until:
                return done
            work()
        raise AssertionError

    began = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as pool:
        done = sum(pool.map(client, range(CLIENTS)))
    return done / (time.monotonic() - began)
