"""The next edition of a fair: what comes along, what stays, and that nobody hears of it. Above all apps, for all have a part in it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from django.db.models import Model, Q
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from allocations.models import AllocationSettings, ApartPair
from api.problems import Invalid
from conferences.models import Conference, ConferenceDay, DelegateQuota, Session
from exhibitors.domain import announcements, document_expiry, document_letters, drafts, lapses, mailings, reminders, staff_digest
from exhibitors.enums import ReminderOutcome
from exhibitors.models import (
    DeadlineReminder,
    DocumentRequirement,
    PassQuota,
    Pavilion,
    ProductCategory,
    Question,
    ReviewCriterion,
    StaffTask,
)
from fairs import cloning
from fairs.cloning import Wish
from fairs.domain.cloning import NewFair, clone
from fairs.enums import FairStatus, StaffRole
from fairs.models import Fair, OpeningHours, QuietDays, Rung, StaffMembership, Stand, TradeFigure
from notifications.models import Letter, LetterTemplate
from tests.factories.accounts import UserFactory
from tests.factories.conferences import DelegateFactory, RoomFactory, SessionFactory, TrackFactory
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory, QuestionFactory
from tests.factories.fairs import DeadlineFactory, FairFactory, HallFactory, SiteFactory, StaffMembershipFactory, StandFactory

pytestmark = pytest.mark.django_db

DEMO = Path(__file__).parents[3] / "demo" / "made-in-russia-2024"
SLUG = "made-in-russia-2024"
NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
OURS = {"accounts", "notifications", "api", "fairs", "exhibitors", "allocations", "conferences"}
DAYS = (date(2025, 1, 25) - date(2024, 1, 27)).days


def load_demo() -> Fair:
    """The files of the demo fair that say nothing of exhibitors."""
    for command, file in (
        ("load_reference", ""),
        ("import_fair", "fair.toml"),
        ("import_stands", "stands.csv"),
        ("import_form", "form.toml"),
        ("import_requirements", "fair.toml"),
        ("import_conference", "fair.toml"),
    ):
        arguments = [str(DEMO / file)] if file else []
        call_command(command, *arguments, **({} if command in ("load_reference", "import_fair") else {"fair": SLUG}), verbosity=0)
    return Fair.objects.get(slug=SLUG)


def fill(fair: Fair, owner: User) -> None:
    """What the files do not have, and what happened at the fair."""
    application = ApplicationFactory(fair=fair, accepted=True)
    stand = Stand.objects.filter(hall__fair=fair, blocked=False).order_by("pk").first()
    assert stand is not None
    PlacementFactory(application=application, stand=stand, site=stand.hall.site)
    deadline = fair.deadlines.order_by("due_at").first()
    assert deadline is not None
    deadline.sites.add(*fair.sites.all())
    row = {"deadline": deadline, "due_at": deadline.due_at, "offset": 0, "unit": "days", "act": "remind", "application": application}
    DeadlineReminder.objects.create(**row, email="a@example.org", outcome=ReminderOutcome.TOLD, reminded_at=NOW)
    StaffTask.objects.create(fair=fair, application=application, title="Ring them", assignee=owner, created_by=owner, created_at=NOW)
    PassQuota.objects.create(fair=fair, site=fair.sites.first(), from_area_m2=9, passes=3)
    AllocationSettings.objects.create(fair=fair, preference=77)
    fish, chocolate = ProductCategory.objects.order_by("pk")[:2]
    ApartPair.objects.create(fair=fair, category_a=fish, category_b=chocolate)
    LetterTemplate.objects.create(fair=fair, occasion="exhibitors.admitted", language="ru", subject="Да", text="Добро пожаловать.")
    Fair.objects.filter(pk=fair.pk).update(letters_version=4)
    conference = fair.conferences.get()
    SessionFactory(conference=conference, room=RoomFactory(conference=conference), track=TrackFactory(conference=conference))
    DelegateFactory(conference=conference)
    ConferenceDay.objects.create(conference=conference, date=conference.starts_on, opens_at="09:00", closes_at="18:30")
    terms = {"places": 20, "needs_approval": True}
    DelegateQuota.objects.update_or_create(conference=conference, kind="press", defaults=terms)
    StaffMembershipFactory(fair=fair, user=owner, role=StaffRole.OWNER)
    StaffMembershipFactory(fair=fair, role=StaffRole.REVIEWER)
    StaffMembershipFactory(fair=fair, role=StaffRole.FINANCE, user__is_active=False)
    QuietDays.objects.create(fair=fair, first_day=date(2023, 11, 20), last_day=date(2023, 11, 21))


def contents() -> dict[str, dict[Any, tuple[Any, ...]]]:
    """Every row of every table of ours, by table and key."""
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]
    return {model._meta.label: {row[0]: row for row in model._base_manager.values_list("pk", *_columns(model))} for model in models}


def _columns(model: type[Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def next_edition(fair: Fair, *, by: User | None = None, wishes: frozenset[Wish] = frozenset(Wish), **changed: Any) -> Fair:
    said: dict[str, Any] = {"slug": "next", "names": {"name_en": "Next", "name_ru": "Следующая", "name_zh_hans": "下一届"}, "edition": 2}
    said |= {"starts_on": fair.starts_on + timedelta(days=DAYS), **changed}
    return clone(source=fair, new=NewFair(**said, wishes=wishes), by=by, now=NOW).fair


def tick(now: datetime) -> None:
    """What the scheduler asks every minute."""
    for work in (reminders.remind, staff_digest.write, drafts.remind, lapses.lapse_due, announcements.announce_due, mailings.write_due):
        work(now=now)
    document_letters.tell_reviewers(now=now)
    document_expiry.remind(now=now)


def without_ids(rows: Any, *fields: str) -> list[tuple[Any, ...]]:
    return list(rows.values_list(*fields).order_by("pk"))


def test_all_that_lasts_comes_along_and_the_old_fair_stays_as_it_was() -> None:
    source, owner = load_demo(), UserFactory(is_staff=True)
    fill(source, owner)
    before = contents()
    fair = next_edition(source, by=owner)
    after = contents()
    assert {label: {key: after[label].get(key) for key in rows} for label, rows in before.items()} == before
    new_tables = {label for label, rows in after.items() if rows.keys() - before[label].keys()}
    copied = {each.model._meta.label for each in cloning.copied()}
    between = {"fairs.Deadline_sites", "exhibitors.DocumentRequirement_categories"}
    assert new_tables == copied | between | {"fairs.Fair", "fairs.PublicRevision", "fairs.QuietDays"}

    assert (fair.status, fair.starts_on, fair.ends_on, fair.edition) == ("draft", date(2025, 1, 25), date(2025, 2, 3), 2)
    for each in cloning.copied():
        old, new = (each.model._base_manager.filter(**{each.path: one}).count() for one in (source, fair))
        assert new == (2 if each.model is StaffMembership else old), each.model
    fields = ("title_ru", "title_zh_hans", "title_en", "audience", "category_codes", "consequence_ru")
    assert without_ids(fair.deadlines, *fields) == without_ids(source.deadlines, *fields)
    for old, new in zip(source.deadlines.order_by("pk"), fair.deadlines.order_by("pk"), strict=True):
        assert new.due_at.astimezone(fair.zone) - old.due_at.astimezone(fair.zone) == timedelta(days=DAYS)
        assert without_ids(new.ladder, "offset", "unit", "reader", "act") == without_ids(old.ladder, "offset", "unit", "reader", "act")
        assert {site.slug for site in new.sites.all()} == {site.slug for site in old.sites.all()}
        assert all(site.fair_id == fair.pk for site in new.sites.all())
    floor = ("number", "outline", "area_m2", "open_sides", "open_sides_drawn", "power_kw", "zone__slug", "hall__slug", "hall__site__slug")
    assert without_ids(Stand.objects.of_fair(fair.pk), *floor) == without_ids(Stand.objects.of_fair(source.pk), *floor)
    asked = Question.objects.filter(fair=fair, shown_if__isnull=False)
    assert asked
    assert all(question.shown_if and question.shown_if.fair_id == fair.pk for question in asked)
    for requirement in DocumentRequirement.objects.filter(fair=fair):
        assert requirement.deadline is None or requirement.deadline.fair_id == fair.pk
    hours = OpeningHours.objects.filter(site__fair=fair).order_by("pk").first()
    assert hours is not None
    assert hours.day == date(2025, 1, 25)
    assert fair.allocation_settings.preference == 77
    text = LetterTemplate.objects.get(fair=fair)
    assert (text.text, text.changed_at, text.changed_by, fair.letters_version) == ("Добро пожаловать.", NOW, owner, 1)
    assert TradeFigure.objects.filter(fair=fair).exclude(source="").count() == source.trade_figures.count()
    assert Pavilion.objects.filter(fair=fair).exists()
    assert ReviewCriterion.objects.filter(fair=fair).exists()
    conference, old_conference = fair.conferences.get(), source.conferences.get()
    assert conference.starts_on - old_conference.starts_on == timedelta(days=DAYS)
    assert (conference.slug, Session.objects.filter(conference=conference).count()) == (old_conference.slug.replace("2024", "2025"), 0)
    assert without_ids(conference.days, "date", "closes_at") == [(conference.starts_on, time(18, 30))]
    assert without_ids(conference.delegate_quotas, "kind", "places", "needs_approval") == [("press", 20, True)]
    assert {room.guid for room in conference.rooms.all()}.isdisjoint(room.guid for room in old_conference.rooms.all())
    assert set(fair.quiet_days.values_list("country", "first_day")) == {
        ("RU", date(2024, 12, 29)),
        ("CN", date(2024, 2, 10)),  # within the year before
        ("CN", date(2025, 1, 28)),
        ("", date(2023, 11, 20) + timedelta(days=DAYS)),
    }
    assert set(fair.staff.values_list("role", flat=True)) == {"owner", "reviewer"}


def test_what_is_not_wished_stays_and_whoever_clones_owns_the_new_fair() -> None:
    source, owner = FairFactory(), UserFactory()
    StaffMembershipFactory(fair=source, role=StaffRole.REVIEWER)
    Conference.objects.create(fair=source, site=SiteFactory(fair=source), slug="c", starts_on=source.starts_on, ends_on=source.ends_on)
    fair = next_edition(source, by=owner, wishes=frozenset())
    assert [(each.user, each.role) for each in fair.staff.all()] == [(owner, "owner")]
    assert not fair.conferences.exists()
    second = next_edition(fair, by=UserFactory(is_superuser=True), slug="third")
    assert [(each.user, each.role) for each in second.staff.all()] == [(owner, "owner")]


def test_a_deadline_keeps_its_hour_over_a_clock_change() -> None:
    source = FairFactory(time_zone="Europe/Berlin")
    DeadlineFactory(fair=source, due_at=datetime(2029, 11, 30, 22, 59, 59, tzinfo=UTC))  # 23:59:59 in winter
    fair = next_edition(source, starts_on=source.starts_on + timedelta(days=200))
    assert fair.deadlines.get().due_at == datetime(2030, 6, 18, 21, 59, 59, tzinfo=UTC)


def test_nothing_goes_when_a_fair_is_cloned_and_published_whatever_is_past_by_then() -> None:
    source, owner = FairFactory(), UserFactory()
    for days in (-30, -1, 1, 3):
        deadline = DeadlineFactory(fair=source, due_at=NOW + timedelta(days=days - DAYS))
        Rung.objects.create(deadline=deadline, offset=2, unit="days", reader="responsible", act="task")
        Rung.objects.create(deadline=deadline, offset=1, unit="days", reader="owner", act="consequence")
    StaffMembershipFactory(fair=source, user=owner, role=StaffRole.OWNER)
    ApplicationFactory(fair=source, submitted=True)
    Fair.objects.filter(pk=source.pk).update(status=FairStatus.ARCHIVED)
    fair = next_edition(source, by=owner)
    tick(NOW)
    Fair.objects.filter(pk=fair.pk).update(status=FairStatus.PUBLISHED)
    for hours in (0, 1, 24, 48, 72, 96):
        tick(NOW + timedelta(hours=hours))
    assert not Letter.objects.filter(Q(fair=fair) | Q(fair=source)).exists()
    assert not StaffTask.objects.filter(fair=fair).exists()


def _count(fair: Fair, slug: str) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as queries:
        next_edition(fair, slug=slug)
    inserts = [query for query in queries if query["sql"].startswith(("INSERT", "UPDATE"))]
    return len(queries) - len(inserts), len(inserts)


def test_the_number_of_queries_does_not_grow_with_rows() -> None:
    source = FairFactory()
    hall = HallFactory(site=SiteFactory(fair=source))

    def more() -> None:
        StandFactory(hall=hall)
        DeadlineFactory(fair=source).sites.add(hall.site)
        QuestionFactory(fair=source, shown_if=QuestionFactory(fair=source))

    more()
    once = _count(source, "one")
    for _more in range(3):
        more()
    assert _count(source, "two") == once


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"starts_on": date(2030, 1, 27)}, "/starts_on"),  # the old one's
        ({"starts_on": date(9999, 12, 30)}, "/starts_on"),
        ({"slug": "taken"}, "/slug"),
        ({"slug": "two words"}, "/slug"),
        ({"names": {"name_ru": " ", "name_en": "", "name_zh_hans": ""}}, "/name_en"),
        ({"edition": 0}, "/edition"),
    ],
)
def test_a_new_fair_that_cannot_be_is_refused_in_its_field(said: dict[str, Any], field: str) -> None:
    source = FairFactory(starts_on=date(2030, 1, 27), ends_on=date(2030, 2, 5))
    FairFactory(slug="taken")
    with pytest.raises(Invalid) as refusal:
        next_edition(source, **said)
    assert field in {error["pointer"] for error in refusal.value.facts["errors"]}
    assert Fair.objects.count() == 2


# --- every model decides ---


def _leads_to(model: type[Model]) -> Iterator[type[Model]]:
    for field in [*model._meta.concrete_fields, *model._meta.local_many_to_many]:
        if field.is_relation and isinstance(field.related_model, type):
            yield field.related_model


def with_a_way_to_a_fair() -> set[type[Model]]:
    ours = [model for model in apps.get_models() if model._meta.app_label in OURS]
    found: set[type[Model]] = {Fair}
    while more := {model for model in ours if model not in found and found & set(_leads_to(model))}:
        found |= more
    return found - {Fair}


def test_every_model_of_a_fair_is_copied_or_left() -> None:
    copied, left = {each.model for each in cloning.copied()}, cloning.left()
    assert not copied & left
    assert with_a_way_to_a_fair() == copied | left, "a new model says in its app's cloned_models.py whether the next edition gets it"


def test_what_is_copied_refers_to_nothing_that_is_left() -> None:
    left = cloning.left()
    assert {each.model._meta.label: [other for other in _leads_to(each.model) if other in left] for each in cloning.copied()} == {
        each.model._meta.label: [] for each in cloning.copied()
    }


def test_every_day_and_moment_of_what_is_copied_moves_or_has_a_reason_to_stay() -> None:
    stays = {
        "exhibitors.DocumentRequirement.valid_from",  # of a law
        "exhibitors.DocumentRequirement.valid_to",
        "notifications.LetterTemplate.changed_at",  # the moment of the cloning
        "notifications.LetterTemplate.broken_at",
    }
    kinds = {"DateField", "DateTimeField"}
    dated = {
        f"{each.model._meta.label}.{field.name}"
        for each in cloning.copied()
        for field in each.model._meta.concrete_fields
        if field.get_internal_type() in kinds and field.name not in (*each.days, *each.moments)
    }
    assert dated == stays
