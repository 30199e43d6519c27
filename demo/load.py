"""Load the demo fair the way an organiser would: ``make load``. What is there already stays as it is."""

import hashlib
import io
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from demo import environment
from tools import bootstrap

FIRST_MOMENT = "2023-12-12T09:00+08:00"  # 46 days before the fair opens: late applications, offers and deadlines are all in play
LOADED = environment.VAR / "demo-loaded.json"
SLUG = "made-in-russia-2024"


def main() -> None:
    asked_moment = os.environ.get("DEMO_NOW", "").strip()  # read before .env is: a moment that stands there is for the first run only
    environment.apply()
    moment = _moment(asked_moment or FIRST_MOMENT)

    import django  # the environment must be complete before

    django.setup()
    from django.core.management import CommandError
    from django.db import DatabaseError

    began = time.monotonic()
    try:
        _prepare_database()
        _set_clock(moment, jump=bool(asked_moment))
        _import_files(_of_fair())
        _make_staff()  # before the companies, whose table names who is responsible for them
        _import_files(_of_people())
        _make_exhibitors()
        _make_documents()
        _make_stand_staff()
    except (CommandError, DatabaseError) as error:
        sys.exit(f"The demo could not be loaded: {error}")
    _print_counts(seconds=time.monotonic() - began)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        sys.exit(f"DEMO_NOW is {text!r}: write a moment with its offset, such as {FIRST_MOMENT}.")
    return moment


def _call(command: str, *arguments: str, **options: object) -> None:
    """A management command, silent unless it fails."""
    from django.core.management import call_command

    call_command(command, *arguments, stdout=io.StringIO(), stderr=io.StringIO(), **options)


def _prepare_database() -> None:
    _say("Migrations")
    _call("migrate", interactive=False, verbosity=0)
    _call("createcachetable", verbosity=0)


def _set_clock(moment: datetime, *, jump: bool) -> None:
    """The business clock is moved at the first run and by DEMO_NOW; a later run goes on from the moment that was reached."""
    import clock
    from clock.models import ClockOffset

    if jump or not ClockOffset.objects.exists():
        if not jump:
            moment = _moment(os.environ.get("DEMO_NOW", "").strip() or FIRST_MOMENT)
        clock.set_now(moment)


Files = list[tuple[str, list[str]]]  # each command with its arguments, in the order in which the parts build on each other


def _of_fair() -> Files:
    return [
        ("load_reference", []),
        ("import_fair", [str(environment.FAIR / "fair.toml")]),
        ("import_stands", [str(environment.FAIR / "stands.csv"), "--fair", SLUG]),
        ("import_form", [str(environment.FAIR / "form.toml"), "--fair", SLUG]),
    ]


def _of_people() -> Files:
    return [
        ("import_requirements", [str(environment.FAIR / "fair.toml"), "--fair", SLUG]),
        ("import_companies", [str(environment.FAIR / "companies.csv"), "--fair", SLUG]),
        ("import_products", [str(environment.FAIR / "products.csv"), "--fair", SLUG]),
        ("import_conference", [str(environment.FAIR / "fair.toml"), "--fair", SLUG]),
        ("import_programme", [str(environment.FAIR / "programme.xlsx"), "--fair", SLUG]),
        ("import_delegates", [str(environment.FAIR / "delegates.csv"), "--fair", SLUG]),
    ]


def _import_files(files: Files) -> None:
    """Import each file once: what people changed in the demo since then is theirs. A file that changed is imported again."""
    done = _known()
    for command, arguments in files:
        texts = [Path(argument).read_bytes() for argument in arguments if argument.startswith(str(environment.FAIR))]
        fingerprint = hashlib.sha256(b"".join(texts)).hexdigest()
        if done.get(command) == fingerprint:
            continue
        _say(f"{command} {Path(arguments[0]).name if arguments else ''}".strip())
        _call(command, *arguments)
        done[command] = fingerprint
        LOADED.write_text(json.dumps({_database(): done}, indent=1))


def _known() -> dict[str, str]:
    """What was imported into this database before; nothing when the fair is not in it."""
    from fairs.models import Fair

    if not LOADED.is_file() or not Fair.objects.filter(slug=SLUG).exists():
        return {}
    try:
        return dict(json.loads(LOADED.read_text()).get(_database(), {}))
    except ValueError:
        return {}


def _database() -> str:
    from django.conf import settings

    database = settings.DATABASES["default"]
    return f"{database['ENGINE']} {database['HOST']}:{database['PORT']} {database['NAME']}"


def _make_staff() -> None:
    from demo.people import make_staff

    _say("Logins of the organisers")
    make_staff(fair_slug=SLUG)


def _make_exhibitors() -> None:
    from demo.people import make_exhibitors

    _say("Logins of two exhibitors")
    make_exhibitors(fair_slug=SLUG)


def _make_documents() -> None:
    from demo.documents import make_documents

    _say("Documents of some exhibitors")
    make_documents(fair_slug=SLUG)


def _make_stand_staff() -> None:
    from demo.stand_staff import make_stand_staff

    _say("People on some stands")
    make_stand_staff(fair_slug=SLUG)


def _print_counts(*, seconds: float) -> None:
    from django.contrib.auth import get_user_model

    from conferences.models import Delegate, Session, Speaker
    from exhibitors.models import (
        Application,
        Company,
        Document,
        DocumentRequirement,
        Product,
        ProductCategory,
        Question,
        Region,
        StandStaff,
    )
    from fairs.models import Deadline, Fair, Hall, Site, Stand, TradeFigure

    counted: list[tuple[str, Callable[[], int]]] = [
        ("fairs", Fair.objects.count),
        ("sites", Site.objects.count),
        ("halls", Hall.objects.count),
        ("stands", Stand.objects.count),
        ("deadlines", Deadline.objects.count),
        ("trade figures", TradeFigure.objects.count),
        ("regions", Region.objects.count),
        ("product categories", ProductCategory.objects.count),
        ("companies", Company.objects.count),
        ("applications", Application.objects.count),
        ("required documents", DocumentRequirement.objects.count),
        ("documents handed in", Document.objects.count),
        ("people on the stands", StandStaff.objects.count),
        ("products", Product.objects.count),
        ("questions of the form", Question.objects.count),
        ("conference sessions", Session.objects.count),
        ("speakers", Speaker.objects.count),
        ("delegates", Delegate.objects.count),
        ("people who sign in", get_user_model().objects.count),
    ]
    print(f"\nLoaded in {seconds:.0f} s:")
    for name, count in counted:
        print(f"  {name:<22}{count():>6}")


def _say(text: str) -> None:
    print(f"  {text} …", flush=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(bootstrap.interrupted())
