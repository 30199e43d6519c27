"""The page that releases the programme: what it shows, who may, and that a colleague's change is seen first."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import activate
from pytest_django import DjangoAssertNumQueries

from conferences.models import Conference, ProgrammeRelease, Session, SignUp
from fairs.enums import StaffRole
from tests.conferences.admin.test_desk import person
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, DelegateFactory, ParticipationFactory, SessionFactory, SpeakerFactory, at

Letters = Callable[[Callable[[], Any]], list[Any]]


def page_of(conference: Conference) -> str:
    return reverse("admin:conferences_conference_release", args=[conference.pk])


def moved(conference: Conference, hour: int = 14, **given: Any) -> Session:
    return SessionFactory(conference=conference, draft_starts_at=at(conference, hour), draft_ends_at=at(conference, hour + 1), **given)


def seen_by(client: Client, conference: Conference) -> str:
    return str(client.get(page_of(conference)).context["preview"].seen)


def test_it_shows_what_changes_and_who_is_told_then_releases(client: Client, conference: Conference, letters: Letters) -> None:
    session = moved(conference, code="honey")
    ParticipationFactory(session=session, speaker=SpeakerFactory(conference=conference, email="anna@example.com"))
    ParticipationFactory(session=session, speaker=SpeakerFactory(conference=conference, email="", name_en="Silent Sam"))
    client.force_login(person(conference, StaffRole.CONFERENCE_PRODUCER))
    page = client.get(page_of(conference)).content.decode()
    for text in ("has moved: now", "anna@example.com", "Silent Sam", "Nothing has been released yet."):
        assert text in page, text
    data = {"seen": seen_by(client, conference), "note_en": "Doors open early.", "tells": "on"}
    (letter,) = letters(lambda: client.post(page_of(conference), data))
    assert "anna@example.com" in letter.to[0]
    release = ProgrammeRelease.objects.get()
    assert (release.letters, release.note_en, release.by.get_full_name() != "") == (1, "Doors open early.", True)
    after = client.get(page_of(conference)).content.decode()
    assert "Version 1 is released. 1 letter is on its way." in after
    assert "Nothing: the draft is the programme that everybody sees." in after
    assert "Doors open early." in after
    assert 'name="seen"' not in after


@pytest.mark.parametrize(("role", "is_named"), [(StaffRole.CONFERENCE_PRODUCER, True), (StaffRole.FINANCE, False)])
def test_delegates_are_counted_for_everybody_and_named_to_who_may_see_them(
    client: Client, conference: Conference, role: StaffRole, is_named: bool
) -> None:
    session = moved(conference)
    ParticipationFactory(session=session, speaker=SpeakerFactory(conference=conference, email="anna@example.com"))
    listener = DelegateFactory(conference=conference, email="listener@example.com")
    SignUp.objects.create(session=session, delegate=listener, status="reserved", signed_up_at=at(conference, 9))
    client.force_login(person(conference, role))
    page = client.get(page_of(conference)).content.decode()
    for text in ("Who is written to · 2", "1 of them is a delegate.", "anna@example.com"):
        assert text in page, text
    assert ("listener@example.com" in page) == is_named


def test_nobody_is_told_where_that_is_not_wanted(client: Client, conference: Conference, letters: Letters) -> None:
    ParticipationFactory(session=moved(conference))
    client.force_login(person(conference))
    assert letters(lambda: client.post(page_of(conference), {"seen": seen_by(client, conference)})) == []
    assert ProgrammeRelease.objects.get().letters == 0


@pytest.mark.parametrize("seen", ["", "other", "\x00", "x" * 65])
def test_what_was_not_looked_at_is_not_released(client: Client, conference: Conference, seen: str) -> None:
    moved(conference)
    client.force_login(person(conference))
    answer = client.post(page_of(conference), {"seen": seen, "note_en": "kept"})
    assert answer.status_code == 200
    assert not ProgrammeRelease.objects.exists()
    assert "kept" in answer.content.decode()


def test_a_colleague_who_moves_on_is_noticed(client: Client, conference: Conference) -> None:
    session = moved(conference)
    client.force_login(person(conference))
    seen = seen_by(client, conference)
    Session.objects.filter(pk=session.pk).update(draft_ends_at=at(conference, 16))
    answer = client.post(page_of(conference), {"seen": seen})
    assert "The draft has changed since you looked at it." in answer.content.decode()
    assert client.post(page_of(conference), {"seen": answer.context["preview"].seen}).status_code == 302


def test_warnings_do_not_prevent_it_and_clashes_do(client: Client, conference: Conference) -> None:
    client.force_login(person(conference))
    moved(conference, code="one")
    shown = client.get(page_of(conference)).context["preview"]
    assert (shown.clashes, shown.is_possible) == ([], True)
    assert {warning.kind for warning in shown.warnings} == {"no_room", "no_interpreter"}
    assert not replace(shown, clashes=shown.warnings).is_possible


@pytest.mark.skipif(connection.vendor == "postgresql", reason="its exclusion constraint lets no clash into the table")
def test_what_was_written_past_the_rules_is_not_released(client: Client, conference: Conference) -> None:
    client.force_login(person(conference))
    part = ParticipationFactory(session=moved(conference, code="one"))
    ParticipationFactory(session=moved(conference, code="two"), speaker=part.speaker)
    page = client.get(page_of(conference))
    assert "is in two sessions at once: one and two." in page.content.decode()
    assert b"<textarea" not in page.content
    assert "at once" in client.post(page_of(conference), {"seen": page.context["preview"].seen}).content.decode()
    assert not ProgrammeRelease.objects.exists()


@pytest.mark.parametrize("role", [StaffRole.CHECK_IN, StaffRole.COMMUNICATION])
def test_who_only_looks_releases_nothing(client: Client, conference: Conference, role: StaffRole) -> None:
    moved(conference)
    client.force_login(person(conference, role))
    page = client.get(page_of(conference))
    assert b'name="seen"' not in page.content
    assert client.post(page_of(conference), {"seen": page.context["preview"].seen}).status_code == 403
    assert client.get(page_of(ConferenceFactory())).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_changes_and_releases(
    client: Client, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    for number in range(rows):
        session = moved(conference, hour=12 + number)
        ParticipationFactory(session=session)
        listener = DelegateFactory(conference=conference)
        SignUp.objects.create(session=session, delegate=listener, status="reserved", signed_up_at=at(conference, 9))
        ProgrammeRelease.objects.create(conference=conference, number=number + 1, released_at=at(conference, 9)).changes.create(
            session=session, guid=session.guid, code=session.code, kind="new", starts_after=session.starts_at, ends_after=session.ends_at
        )
    client.get(page_of(conference))
    with django_assert_num_queries(QUERIES):
        client.get(page_of(conference))


QUERIES = 17


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_it_reads_in_three_languages(client: Client, conference: Conference, language: str) -> None:
    moved(conference, title_en="<b>x</b>", title_ru="", title_zh_hans="")
    user = person(conference)
    user.language = language
    user.save()
    client.force_login(user)
    page = client.get(page_of(conference), headers={"accept-language": language}).content.decode()
    activate("en")
    assert "&lt;b&gt;x" in page
    assert "<b>x" not in page
