"""What a deadline begins with, what the table refuses, and ladders in the file of a fair."""

from datetime import date, datetime
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from fairs.domain import ladders
from fairs.domain.fair_plan import ensure_fair
from fairs.models import Deadline, QuietDays, Rung
from fairs.tables import TableError
from tests.factories.fairs import DeadlineFactory, FairFactory, SiteFactory

pytestmark = pytest.mark.django_db
FAIR = {
    "slug": "spring",
    "name_en": "Spring fair",
    "starts_on": date(2024, 1, 27),
    "ends_on": date(2024, 2, 5),
    "time_zone": "Asia/Shanghai",
    "applications_open_at": datetime(2023, 9, 1),  # noqa: DTZ001 - in the fair's zone
    "applications_close_at": datetime(2023, 10, 19),  # noqa: DTZ001
}
CONTRACT = {"code": "contract", "title_en": "Contract", "due_at": datetime(2023, 12, 13, 23, 59, 59)}  # noqa: DTZ001


def load(**parts: object) -> None:
    ensure_fair(plan={"fair": FAIR, **parts})


def steps() -> list[tuple[int, str, str, str]]:
    return sorted(Rung.objects.values_list("offset", "unit", "reader", "act"))


def complaints(**parts: object) -> list[str]:
    with pytest.raises(TableError) as caught:
        load(**parts)
    return [error.column for error in caught.value.errors]


def test_the_usual_ladder_is_the_domains():
    ladders.give_usual(DeadlineFactory(ladder=False))
    assert steps() == [
        (-14, "days", "owner", "remind"),
        (-7, "days", "owner", "remind"),
        (-3, "days", "owner", "remind"),
        (-1, "days", "owner", "remind"),
        (0, "days", "operations", "remind"),
        (0, "days", "owner", "remind"),
        (2, "working_days", "responsible", "task"),
        (5, "working_days", "coordinator", "remind"),
        (7, "working_days", "owner", "consequence"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"offset": -121},
        {"offset": 61},
        {"unit": "hours"},
        {"reader": "everybody"},
        {"act": "shout"},
        {"act": "task", "reader": "responsible", "offset": -1},
        {"act": "task", "reader": "owner", "offset": 2},
        {"act": "consequence", "reader": "owner", "offset": 0},
        {"act": "consequence", "reader": "coordinator", "offset": 2},
        {"offset": -7},  # there already
    ],
)
def test_the_table_refuses_a_step_that_makes_no_sense(fields):
    deadline = DeadlineFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Rung.objects.create(**{"deadline": deadline, "offset": -5, "unit": "days", "reader": "owner", "act": "remind", **fields})


def test_the_table_refuses_quiet_days_that_run_backwards():
    with pytest.raises(IntegrityError), transaction.atomic():
        QuietDays.objects.create(fair=FairFactory(), first_day=date(2024, 1, 2), last_day=date(2024, 1, 1))


def test_the_table_refuses_a_site_of_another_fair():
    with pytest.raises(IntegrityError), transaction.atomic():
        DeadlineFactory().sites.add(SiteFactory())


def test_a_new_fair_gets_the_usual_quiet_days_and_its_deadlines_the_usual_ladder():
    load(deadlines=[CONTRACT])
    assert len(steps()) == len(ladders.USUAL)
    found = set(QuietDays.objects.values_list("country", "first_day", "last_day"))
    assert found == {
        ("CN", date(2023, 1, 21), date(2023, 1, 27)),
        ("RU", date(2023, 12, 29), date(2024, 1, 8)),
        ("CN", date(2024, 2, 10), date(2024, 2, 17)),
    }


def test_what_was_changed_by_hand_stays_when_the_file_says_nothing_of_it():
    load(deadlines=[CONTRACT])
    Rung.objects.exclude(offset=-7).delete()
    QuietDays.objects.all().delete()
    load(deadlines=[{**CONTRACT, "title_en": "The contract"}])
    assert (len(steps()), QuietDays.objects.count()) == (1, 0)


def test_a_file_that_names_ladder_sites_and_quiet_days_has_the_last_word():
    site = {"slug": "north", "kind": "hall", "country": "CN", "province": "CN-LN", "city_en": "A", "name_en": "North"}
    site |= {"starts_on": FAIR["starts_on"], "ends_on": FAIR["ends_on"]}
    ladder = [{"days": -2}, {"working_days": 3, "to": "responsible", "act": "task"}]
    quiet = [{"first_day": date(2024, 1, 1), "last_day": date(2024, 1, 2)}]
    for _twice in range(2):
        load(sites=[site], deadlines=[{**CONTRACT, "ladder": ladder, "sites": ["north"], "category_codes": ["03"]}], quiet_days=quiet)
        assert steps() == [(-2, "days", "owner", "remind"), (3, "working_days", "responsible", "task")]
        assert QuietDays.objects.get().country == ""
        deadline = Deadline.objects.get()
        assert ([each.slug for each in deadline.sites.all()], deadline.category_codes) == (["north"], ["03"])


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ({"ladder": "-7"}, "deadlines[1].ladder"),
        ({"ladder": [{"days": "-7"}]}, "deadlines[1].ladder"),
        ({"ladder": [{"days": True}]}, "deadlines[1].ladder"),
        ({"ladder": [{"days": -7, "working_days": -5}]}, "deadlines[1].ladder"),
        ({"ladder": [{"days": -7, "whom": "owner"}]}, "deadlines[1].ladder"),
        ({"ladder": [{"days": -7, "to": "everybody"}]}, "deadlines[1].ladder"),
        ({"ladder": [{"days": -700}]}, "deadlines[1].ladder"),
        ({"ladder": [-7]}, "deadlines[1].ladder"),
        ({"sites": ["moon"]}, "deadlines[1].sites"),
        ({"sites": "moon"}, "deadlines[1].sites"),
        ({"category_codes": ["fish"]}, "deadlines[1].category_codes"),
        ({"category_codes": "03"}, "deadlines[1].category_codes"),
    ],
)
def test_a_wrong_ladder_is_refused_with_its_place(written, place):
    assert complaints(deadlines=[{**CONTRACT, **written}]) == [place]
    assert not Deadline.objects.exists()


def test_wrong_quiet_days_are_refused_with_their_place():
    assert complaints(quiet_days=[{"country": "Russia", "first_day": date(2024, 1, 1), "last_day": date(2024, 1, 2)}]) == [
        "quiet_days[1].country"
    ]
    assert "quiet_days[1]" in complaints(quiet_days=[{"first_day": date(2024, 1, 3), "last_day": date(2024, 1, 2)}])


def test_the_demo_fair_names_its_ladders():
    assert "ladder = [" in (Path(__file__).parents[3] / "demo" / "made-in-russia-2024" / "fair.toml").read_text()
