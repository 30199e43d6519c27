"""The desk's pages of a conference, and that steps go through the domain; who sees and changes what: tests/roles/test_desk.py."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from conferences.models import Conference, Delegate, DelegateQuota, Participation, Session, SessionMove
from fairs.enums import StaffRole
from fairs.roles import RIGHTS, Right
from tests.factories.accounts import UserFactory
from tests.factories.conferences import (
    ConferenceFactory,
    DelegateFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    at,
)
from tests.factories.fairs import StaffMembershipFactory
from tests.undrawn import undrawn

NOUNS = ("conference", "room", "track", "session", "speaker", "delegate")
QUERIES = {"conference": 5, "room": 5, "track": 5, "session": 9, "speaker": 6, "delegate": 6}


def person(conference: Conference, role: StaffRole = StaffRole.OWNER) -> User:
    region = "RU-PRI" if role == StaffRole.REGIONAL_COORDINATOR else ""
    return StaffMembershipFactory(fair=conference.fair, role=role, region_code=region, user__time_zone="Europe/Moscow").user


def list_of(noun: str) -> str:
    return reverse(f"admin:conferences_{noun}_changelist")


def page_of(row: Any) -> str:
    return reverse(f"admin:conferences_{row._meta.model_name}_change", args=[row.pk])


def rows_of(conference: Conference) -> dict[str, Any]:
    session = SessionFactory(conference=conference, room=RoomFactory(conference=conference), track=TrackFactory(conference=conference))
    part = ParticipationFactory(session=session)
    return {
        "conference": conference,
        "room": session.room,
        "track": session.track,
        "session": session,
        "speaker": part.speaker,
        "delegate": DelegateFactory(conference=conference),
    }


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_rows(
    client: Client, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, noun: str, rows: int
) -> None:
    for _number in range(rows):
        rows_of(conference if noun != "conference" else ConferenceFactory(site__fair=conference.fair))
    # A superuser: the side bar asks for the rights of everybody else, once a page that it names.
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    client.get(list_of(noun))  # what a process asks for once, such as the clock's offset
    with django_assert_num_queries(QUERIES[noun]):
        assert client.get(list_of(noun)).status_code == 200


@pytest.mark.parametrize("noun", ["conference", "session", "speaker"])
def test_a_page_does_not_work_out_its_panels_three_times(client: Client, conference: Conference, noun: str) -> None:
    row = rows_of(conference)[noun]
    client.force_login(person(conference))
    client.get(page_of(row))
    with CaptureQueriesContext(connection) as asked:
        client.get(page_of(row))
    times = Counter(query["sql"] for query in asked.captured_queries)
    # A form draws the choices of a track three times: in a row, in the empty row beside it, and for the script.
    assert [sql for sql, count in times.items() if count > 2 and "conferences_track" not in sql] == []


def test_a_session_is_shown_in_the_fairs_zone(client: Client, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    client.force_login(person(conference))
    assert "1 May 2030, 10:00–11:00" in client.get(list_of("session")).content.decode()
    page = client.get(page_of(session)).content.decode()
    assert 'value="10:00:00"' in page
    assert 'value="05:00:00"' not in page


def session_form(session: Session, **given: Any) -> dict[str, Any]:
    return {
        "code": session.code,
        "kind": session.kind,
        "title_ru": "",
        "title_zh_hans": "",
        "title_en": session.title_en,
        "draft_starts_at_0": "2030-05-02",
        "draft_starts_at_1": "14:00",
        "draft_ends_at_0": "2030-05-02",
        "draft_ends_at_1": "15:30",
        "language": "ru",
        "interpretation": ["en"],
        "is_public": "on",
        "participations-TOTAL_FORMS": "0",
        "participations-INITIAL_FORMS": "0",
        "hostings-TOTAL_FORMS": "0",
        "hostings-INITIAL_FORMS": "0",
        **given,
    }


def test_times_are_written_in_the_fairs_zone(client: Client, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    client.force_login(person(conference, StaffRole.CONFERENCE_PRODUCER))
    answer = client.post(page_of(session), session_form(session))
    assert answer.status_code == 302, answer.context["errors"]
    session.refresh_from_db()
    assert session.draft_starts_at.isoformat() == "2030-05-02T06:00:00+00:00"
    assert session.minutes == 90
    assert session.starts_at == at(conference, 10)  # until it is released
    assert session.interpretation == ["en"]
    client.post(page_of(session), session_form(session))  # nothing moved
    assert SessionMove.objects.count() == 1
    moved = re.search(
        r"UTC\+8\)[^<]*1 May, 10:00–11:00, no room → 2 May, 14:00–15:30, no room", client.get(page_of(session)).content.decode()
    )
    assert moved
    assert str(SessionMove.objects.get().by) in moved[0]

    new = client.post(reverse("admin:conferences_session_add"), session_form(session, code="new", conference=conference.pk))
    assert new.status_code == 302, new.context["errors"]
    assert Session.objects.get(code="new").draft_starts_at == session.draft_starts_at


def test_a_taken_room_or_person_is_named(client: Client, conference: Conference) -> None:
    room = RoomFactory(conference=conference, name_en="Aurora")
    taken = SessionFactory(conference=conference, code="taken", room=room, starts_at=at(conference, 14, day=1))
    part = ParticipationFactory(session=taken)
    session = SessionFactory(conference=conference, code="mine")
    client.force_login(person(conference))
    in_room = client.post(page_of(session), session_form(session, draft_room=room.pk))
    assert "Room Aurora has two sessions at once: mine and taken." in in_room.content.decode()
    with_person = {"participations-TOTAL_FORMS": "1", "participations-0-speaker": part.speaker_id, "participations-0-role": "speaker"}
    answer = client.post(page_of(session), session_form(session, **with_person))
    assert "Anna Rechnaya is in two sessions at once: mine and taken." in answer.content.decode()
    after = {"draft_starts_at_1": "15:00", "draft_ends_at_1": "16:00"}  # the moment at which the other is over
    assert client.post(page_of(session), session_form(session, draft_room=room.pk, **with_person, **after)).status_code == 302


WRONG = (
    {"draft_starts_at_0": "2030-06-01", "draft_ends_at_0": "2030-06-01"},
    {"draft_ends_at_1": "13:00"},
    {"draft_ends_at_1": "14:00"},
    {"draft_ends_at_0": "2030-05-03", "draft_ends_at_1": "15:00"},  # 25 hours
    {"draft_ends_at_0": ""},
    {"title_en": ""},
    {"interpretation": ["de"]},
)


def test_a_wrong_session_is_refused(client: Client, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    client.force_login(person(conference))
    assert client.post(page_of(session), session_form(session, **WRONG[0])).status_code == 200
    for wrong in WRONG:
        with undrawn():
            answer = client.post(page_of(session), session_form(session, **wrong))
        assert answer.status_code == 200, wrong
        assert answer.context["errors"], wrong
        session.refresh_from_db()
        assert session.draft_starts_at == at(conference, 10)


def test_a_clock_that_is_put_forward_or_back(client: Client, db: None) -> None:
    conference = ConferenceFactory(site__fair__time_zone="Europe/Berlin", starts_on=date(2030, 3, 30), ends_on=date(2030, 10, 28))
    session = SessionFactory(conference=conference)
    client.force_login(person(conference))
    for day in ("2030-03-31", "2030-10-27"):
        times = {"draft_starts_at_0": day, "draft_starts_at_1": "02:30", "draft_ends_at_0": day, "draft_ends_at_1": "04:00"}
        answer = client.post(page_of(session), session_form(session, **times))
        assert "02:30" in str(answer.context["errors"])
        board = {"session": session.pk, "starts": f"{day}T02:30", "minutes": 60, "seen": "||", "action": "place"}
        url = reverse("admin:conferences_conference_board_change", args=[conference.pk])
        assert "02:30" in client.post(url, board, content_type="application/json").json()["message"]
    assert not SessionMove.objects.exists()


def test_names_in_any_script(client: Client, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    client.force_login(person(conference))
    name = "تجارة <b>ליאת</b> आरती"
    assert client.post(page_of(session), session_form(session, title_en=name)).status_code == 302
    session.refresh_from_db()
    assert session.title_en == name
    page = client.get(reverse("admin:conferences_conference_board", args=[conference.pk])).content.decode()
    assert "<b>" not in page.partition('id="board-state"')[2].partition("</script>")[0]
    assert "\\u003Cb\\u003E" in page


def test_nothing_of_another_conference_gets_into_a_session(client: Client, conference: Conference) -> None:
    other = ConferenceFactory(site=conference.site)
    session, room, speaker = SessionFactory(conference=conference), RoomFactory(conference=other), SpeakerFactory(conference=other)
    client.force_login(person(conference))
    assert client.post(page_of(session), session_form(session, draft_room=room.pk)).context["errors"]
    part = {"participations-TOTAL_FORMS": "1", "participations-0-speaker": speaker.pk, "participations-0-role": "speaker"}
    assert client.post(page_of(session), session_form(session, **part)).context["errors"]
    assert not Participation.objects.exists()


def test_speakers_are_found_in_three_scripts(client: Client, conference: Conference) -> None:
    SpeakerFactory(conference=conference)
    other = SpeakerFactory(conference=conference, name_ru="Борис", name_zh_hans="鲍里斯", name_en="Boris")
    client.force_login(person(conference))
    for text in ("борис", "鲍里", "BORIS"):
        page = client.get(list_of("speaker"), {"q": text})
        assert [row.pk for row in page.context["cl"].result_list] == [other.pk], text
    found = client.get(
        reverse("admin:autocomplete"),
        {"term": "борис", "app_label": "conferences", "model_name": "participation", "field_name": "speaker"},
    ).json()
    assert [row["id"] for row in found["results"]] == [str(other.pk)]


class TestSteps:
    def take(self, client: Client, action: str, *rows: Delegate) -> None:
        """Ask, and say yes to what the page names."""
        data = {"action": action, "_selected_action": [row.pk for row in rows]}
        with undrawn():
            asked = client.post(list_of("delegate"), data)
        assert asked.status_code in (302, 200, 403)
        if asked.status_code == 200:
            client.post(list_of("delegate"), {**data, "confirmed": asked.context["confirmed"]})

    def test_it_asks_first_and_says_who_gets_a_letter(self, client: Client, conference: Conference) -> None:
        new, over = DelegateFactory(conference=conference, confirmed_at=None), DelegateFactory(conference=conference, status="cancelled")
        client.force_login(person(conference))
        asked = client.post(list_of("delegate"), {"action": "confirm", "_selected_action": [new.pk, over.pk]})
        assert [[reader.email for reader in line.readers] for line in asked.context["possible"]] == [[new.email]]
        assert [line.number for line in asked.context["impossible"]] == [over.pk]
        new.refresh_from_db()
        assert new.confirmed_at is None

    def test_cancel_moves_the_next_up(self, client: Client, conference: Conference) -> None:
        first, _second = DelegateFactory.create_batch(2, conference=conference)
        waiting = DelegateFactory(conference=conference, status="waiting")
        client.force_login(person(conference))
        self.take(client, "cancel", first)
        statuses = Delegate.objects.in_bulk([first.pk, waiting.pk])
        assert (statuses[first.pk].status, statuses[waiting.pk].status) == ("cancelled", "offered")

    def test_approve_and_refuse_with_a_reason(self, client: Client, conference: Conference) -> None:
        first, second, reserved = (DelegateFactory(conference=conference, status=status) for status in ("applied", "applied", "reserved"))
        client.force_login(person(conference))
        self.take(client, "approve", first, reserved)
        asked = client.post(list_of("delegate"), {"action": "refuse", "_selected_action": [second.pk, reserved.pk]})
        assert client.post(asked.url, {"reason": ""}).status_code == 200
        assert client.post(asked.url, {"reason": "No room"}).status_code == 302
        found = Delegate.objects.in_bulk([first.pk, second.pk, reserved.pk])
        assert [found[row.pk].status for row in (first, second, reserved)] == ["reserved", "refused", "reserved"]

    def test_kinds_are_counted_on_the_conferences_page(self, client: Client, conference: Conference) -> None:
        DelegateQuota.objects.create(conference=conference, kind="press", places=7)
        DelegateFactory(conference=conference, kind="press", status="waiting")
        client.force_login(person(conference))
        page = client.get(page_of(conference)).content.decode()
        assert "kind__exact=press&amp;status__exact=waiting" in page

    def test_confirm(self, client: Client, conference: Conference) -> None:
        delegate = DelegateFactory(conference=conference, confirmed_at=None)
        client.force_login(person(conference))
        self.take(client, "confirm", delegate)
        delegate.refresh_from_db()
        assert delegate.confirmed_at is not None

    @pytest.mark.parametrize("role", [role for role in StaffRole if Right.EDIT_DELEGATES not in RIGHTS[role]])
    def test_nothing_without_the_right(self, client: Client, conference: Conference, role: StaffRole) -> None:
        delegate = DelegateFactory(conference=conference)
        user = person(conference, role)
        StaffMembershipFactory(user=user)  # owner elsewhere: the action is offered, and does nothing here
        client.force_login(user)
        self.take(client, "cancel", delegate)
        delegate.refresh_from_db()
        assert delegate.status == "reserved"


def test_more_places_move_people_up(client: Client, conference: Conference) -> None:
    DelegateFactory.create_batch(2, conference=conference)
    waiting = DelegateFactory(conference=conference, status="waiting")
    client.force_login(person(conference))
    form = {
        "name_ru": "",
        "name_zh_hans": "",
        "name_en": "Conference",
        "slug": conference.slug,
        "site": conference.site_id,
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-03",
        "capacity": "3",
        "offer_hours": "24",
        "minutes_between_rooms": "5",
        "minutes_between_sites": "240",
        **{f"{inline}-{count}_FORMS": "0" for inline in ("days", "rooms", "tracks", "delegate_quotas") for count in ("TOTAL", "INITIAL")},
    }
    answer = client.post(page_of(conference), form)
    assert answer.status_code == 302, answer.context["errors"]
    waiting.refresh_from_db()
    assert waiting.status == "offered"


def test_sessions_are_cancelled_and_brought_back(client: Client, conference: Conference) -> None:
    client.force_login(person(conference, StaffRole.CONFERENCE_PRODUCER))
    session, elsewhere = SessionFactory(conference=conference), SessionFactory()
    chosen = {"_selected_action": [session.pk, elsewhere.pk]}
    page = reverse("admin:conferences_session_changelist")
    for action, is_cancelled in (("cancel", True), ("cancel", True), ("restore", False)):
        assert client.post(page, {"action": action, **chosen}, follow=True).status_code == 200
        session.refresh_from_db()
        assert (session.cancelled_at is not None) == is_cancelled
    elsewhere.refresh_from_db()
    assert elsewhere.cancelled_at is None
