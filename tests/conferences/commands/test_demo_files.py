"""The files of the demo fair go in through the commands, whole, and a second time change nothing."""

from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from conferences.domain.places import Places
from conferences.models import Conference, Delegate, Participation, Room, Session, Speaker, Track
from notifications.models import Letter
from tests.factories.conferences import ConferenceFactory
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import FairFactory, SiteFactory

HOSTS = (  # out of companies.csv
    *("Milk Junction Dairy", "Bread Pier Bakery", "Siberian Plane Woodworks", "Thermal Shore Cosmetics", "Seven Winds Bay Seafood"),
    *("Romny Farmstead Meats", "Sungach Fields", "Left Bank Soya", "Linden Ridge Honey", "Selenga Nuts"),
)
FILES = Path(__file__).resolve().parents[3] / "demo" / "made-in-russia-2024"


@pytest.fixture
def conference(db: None) -> Conference:
    fair = FairFactory(slug="made-in-russia-2024", starts_on=date(2024, 1, 27), ends_on=date(2024, 2, 5))
    site = SiteFactory(fair=fair, slug="shenyang")
    for name in HOSTS:
        ApplicationFactory(accepted=True, fair=fair, company__name_en=name)
    return ConferenceFactory(site=site, slug="shenyang-2024", starts_on=date(2024, 1, 28), capacity=160)


def run(command: str, name: str, **options: object) -> str:
    out = StringIO()
    call_command(command, str(FILES / name), "--fair", "made-in-russia-2024", stdout=out, stderr=out, **options)
    return out.getvalue()


def test_conference(conference: Conference) -> None:
    Conference.objects.all().delete()
    assert run("import_conference", "fair.toml") == "conference shenyang-2024: new\n"
    made = Conference.objects.get(slug="shenyang-2024")
    assert (made.starts_on, made.ends_on, made.capacity) == (date(2024, 1, 28), date(2024, 1, 30), 160)
    assert list(made.delegate_quotas.values_list("kind", "places", "is_taken")) == [("press", 14, True)]
    assert run("import_conference", "fair.toml") == "conference shenyang-2024: unchanged\n"


def test_programme(conference: Conference) -> None:
    assert "sessions: 53 new, 0 changed, 0 unchanged" in run("import_programme", "programme.xlsx")
    counts = [model.objects.count() for model in (Room, Track, Speaker, Session, Participation)]
    assert counts == [7, 5, 64, 53, 235]
    assert Session.objects.filter(is_public=False).count() <= 3
    public = Session.objects.filter(is_public=True).exclude(kind="break")
    assert public.filter(track=None).count() == 0
    assert (public.count() >= 40, public.values("track").distinct().count()) == (True, 5)
    hosts = Session.objects.get(code="S11").hosts.order_by("pk").values_list("company__name_en", flat=True)
    assert list(hosts) == ["Milk Junction Dairy", "Bread Pier Bakery"]
    assert Room.objects.get(code="R4").equipment == ["projector", "receivers", "flipchart"]
    assert list(Session.objects.filter(takes_sign_ups=True).order_by("code").values_list("code", flat=True)) == ["S03", "S04", "S48"]
    session = Session.objects.get(code="S06")
    assert (session.title_zh_hans, session.room.code, session.interpretation) == ("面向中国市场的品牌命名、商标与标签", "R3", ["ru"])
    assert session.starts_at.astimezone(conference.fair.zone).isoformat() == "2024-01-28T11:15:00+08:00"

    again = run("import_programme", "programme.xlsx")

    assert again.splitlines() == [
        "rooms: 0 new, 0 changed, 7 unchanged",
        "tracks: 0 new, 0 changed, 5 unchanged",
        "speakers: 0 new, 0 changed, 64 unchanged",
        "sessions: 0 new, 0 changed, 53 unchanged",
    ]


def test_delegates(conference: Conference) -> None:
    assert "124 new" in run("import_delegates", "delegates.csv")
    assert Delegate.objects.filter(status="reserved", confirmed_at__isnull=False).count() == 124
    assert Places(conference).free >= 20  # a newcomer gets a place
    assert not Letter.objects.exists()
    assert "delegates: 0 new, 0 changed, 124 unchanged" in run("import_delegates", "delegates.csv")


@pytest.mark.parametrize(("command", "name"), [("import_programme", "programme.xlsx"), ("import_delegates", "delegates.csv")])
def test_a_dry_run_changes_nothing(conference: Conference, command: str, name: str) -> None:
    assert "(checked only)" in run(command, name, dry_run=True)
    assert not Session.objects.exists()
    assert not Speaker.objects.exists()
    assert not Delegate.objects.exists()
