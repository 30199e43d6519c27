from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from conferences.models import Conference, Session, SessionHost
from fairs.enums import FairStatus, StaffRole
from tests.factories.accounts import UserFactory
from tests.factories.conferences import (
    ConferenceFactory,
    ParticipationFactory,
    RoomFactory,
    SessionFactory,
    SpeakerFactory,
    TrackFactory,
    at,
)
from tests.factories.exhibitors import ApplicationFactory, ExhibitorFactory
from tests.factories.fairs import StaffMembershipFactory

LIST = "/api/v1/conferences/"
LIST_QUERIES = 5  # revision, count, conferences, rooms, tracks
SESSION_QUERIES = 5  # conference with its revision, count, sessions, people, hosts
SPEAKER_QUERIES = 4  # conference with its revision, count, speakers, their sessions


def sessions_of(conference: Conference) -> str:
    return f"{LIST}{conference.slug}/sessions/"


def titles(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [row["title"] for row in answer.json()["results"]]


def test_a_conference(api: APIClient, conference: Conference) -> None:
    RoomFactory(conference=conference, code="R1", layout="u_shape", equipment=["projector"], site=conference.site)
    TrackFactory(conference=conference, code="food")
    answer = api.get(f"{LIST}{conference.slug}/", headers={"Accept-Language": "ru"})
    assert answer.json() == {
        "slug": conference.slug,
        "fair": conference.fair.slug,
        "name": "Конференция",
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-03",
        "time_zone": "Asia/Shanghai",
        "site": conference.site.slug,
        "rooms": [
            {
                "code": "R1",
                "name": "Зал",
                "capacity": 100,
                "interpretation_booths": 1,
                "layout": "u_shape",
                "equipment": ["projector"],
                "site": conference.site.slug,
            }
        ],
        "tracks": [{"code": "food", "name": "Тема", "colour": "#1559a8"}],
    }
    again = api.get(f"{LIST}{conference.slug}/", headers={"Accept-Language": "ru", "If-None-Match": answer["ETag"]})
    assert again.status_code == 304


def test_a_session(api: APIClient, conference: Conference) -> None:
    room = RoomFactory(conference=conference, code="R1")
    session = SessionFactory(conference=conference, room=room, code="S01", further_languages=["en"])
    part = ParticipationFactory(session=session, role="moderator")
    (row,) = api.get(sessions_of(conference), headers={"Accept-Language": "zh-hans"}).json()["results"]
    assert row == {
        "id": session.pk,
        "code": "S01",
        "title": "冷链",
        "abstract": "Where temperature is lost.",
        "kind": "panel",
        "language": "ru",
        "further_languages": ["en"],
        "interpretation": ["zh-hans"],
        "starts_at": "2030-05-01T10:00:00+08:00",
        "ends_at": "2030-05-01T11:00:00+08:00",
        "room": "R1",
        "track": None,
        "is_public": True,
        "capacity": None,
        "takes_sign_ups": False,
        "hosts": [],
        "speakers": [
            {"id": part.speaker.pk, "name": "安娜·列奇纳娅", "organisation": "River Trade (demo)", "role": "moderator"},
        ],
    }
    one = api.get(f"{sessions_of(conference)}{session.pk}/", headers={"Accept-Language": "zh-hans"})
    assert one.json() == row
    assert api.get(one.wsgi_request.path, headers={"Accept-Language": "zh-hans", "If-None-Match": one["ETag"]}).status_code == 304
    (row,) = api.get(sessions_of(conference), {"lang": "all"}).json()["results"]
    assert row["title"] == {"ru": "Холодовая цепь", "zh-hans": "冷链", "en": "The cold chain"}
    assert row["speakers"][0]["name"]["ru"] == "Анна Речная"


def test_hosts_are_named_once_they_are_in_the_catalogue(api: APIClient, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    shown = ExhibitorFactory(fair=conference.fair, company__name_en="Taiga Honey")
    neighbour = ExhibitorFactory(fair=conference.fair, company__name_en="Neighbour", application=shown.application)
    undecided = ApplicationFactory(submitted=True, fair=conference.fair)
    assert neighbour.application == shown.application
    for application in (undecided, shown.application):
        SessionHost.objects.create(session=session, application=application)
    answer = api.get(sessions_of(conference))
    assert answer.json()["results"][0]["hosts"] == [{"exhibitor": shown.pk, "name": "Taiga Honey"}]
    assert api.get(f"{sessions_of(conference)}{session.pk}/").json()["hosts"] == [{"exhibitor": shown.pk, "name": "Taiga Honey"}]


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_rows(
    api: APIClient, conference: Conference, django_assert_num_queries: DjangoAssertNumQueries, rows: int
) -> None:
    for _number in range(rows):
        session = SessionFactory(conference=conference, room=RoomFactory(conference=conference), track=TrackFactory(conference=conference))
        ParticipationFactory.create_batch(rows, session=session)
        RoomFactory(conference=ConferenceFactory())
    with django_assert_num_queries(LIST_QUERIES):
        assert api.get(LIST).json()["count"] == rows + 1
    with django_assert_num_queries(SESSION_QUERIES):
        assert api.get(sessions_of(conference)).json()["count"] == rows
    with django_assert_num_queries(SPEAKER_QUERIES):
        assert api.get(f"{LIST}{conference.slug}/speakers/").json()["count"] == rows * rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"day": "2030-05-02"}, ["Second"]),
        ({"day": "2030-05-01"}, ["First"]),
        ({"day": ["2030-05-01", "2030-05-02"]}, ["First", "Second"]),
        ({"day": ["2030-05-02", "9999-12-31"]}, ["Second"]),
        ({"day": "9999-12-31"}, []),
        ({"kind": ["workshop", "panel"], "language": ["en", "ru"], "track": ["food", "none"]}, ["Second"]),
        ({"room": "R1"}, ["First"]),
        ({"track": "food"}, ["Second"]),
        ({"language": "en"}, ["Second"]),
        ({"kind": "workshop"}, ["First"]),
        ({"search": "ХОЛОДовая"}, ["First"]),
        ({"search": "rechnaya second"}, ["Second"]),
        ({"search": "安娜"}, ["Second"]),
        ({"search": "nobody"}, []),
        ({"kind": "workshop", "language": "en"}, []),
    ],
)
def test_filters(api: APIClient, conference: Conference, query: dict[str, Any], found: list[str]) -> None:
    room, track = RoomFactory(conference=conference, code="R1"), TrackFactory(conference=conference, code="food")
    # 00:30 in Shanghai is still the day before in UTC
    SessionFactory(conference=conference, title_en="First", room=room, kind="workshop", starts_at=at(conference, 0))
    second = SessionFactory(
        conference=conference, title_en="Second", title_ru="Вторая", track=track, language="en", starts_at=at(conference, 0, day=1)
    )
    ParticipationFactory(session=second)
    assert titles(api.get(sessions_of(conference), query)) == found


@pytest.mark.parametrize("query", [{"day": "tomorrow"}, {"kind": "dance"}, {"language": "de"}])
def test_a_wrong_filter_is_named(api: APIClient, conference: Conference, query: dict[str, str]) -> None:
    answer = api.get(sessions_of(conference), query)
    assert answer.status_code == 400
    assert [error["parameter"] for error in answer.json()["errors"]] == list(query)


def test_speakers_tell_nothing_private(api: APIClient, conference: Conference) -> None:
    session = SessionFactory(conference=conference)
    part = ParticipationFactory(session=session, speaker__conference=conference, speaker__email="anna@private.example")
    answer = api.get(f"{LIST}{conference.slug}/speakers/")
    assert answer.json()["results"] == [
        {
            "id": part.speaker.pk,
            "name": "Anna Rechnaya",
            "title": "Director",
            "organisation": "River Trade (demo)",
            "biography": "Builds trade on rivers.",
            "country": "RU",
            "photo": None,
            "sessions": [session.pk],
        }
    ]
    assert b"private.example" not in answer.content
    assert api.get(f"{LIST}{conference.slug}/speakers/", {"search": "речная"}).json()["count"] == 1
    assert api.get(f"{LIST}{conference.slug}/speakers/", {"search": "private.example"}).json()["count"] == 0


class TestConfidentialSessions:
    """What is not public is not there for the public: neither the session nor who is in it only."""

    @pytest.fixture
    def secret(self, conference: Conference) -> Session:
        secret = SessionFactory(conference=conference, title_en="Behind closed doors", is_public=False)
        ParticipationFactory(session=secret)
        ParticipationFactory(session=SessionFactory(conference=conference, title_en="Open"), speaker=SpeakerFactory(conference=conference))
        return secret

    @pytest.mark.parametrize("is_signed_in", [False, True])
    def test_hidden(self, api: APIClient, conference: Conference, secret: Session, is_signed_in: bool) -> None:
        if is_signed_in:
            api.force_authenticate(UserFactory())
        assert titles(api.get(sessions_of(conference))) == ["Open"]
        assert titles(api.get(sessions_of(conference), {"search": "closed"})) == []
        answer, unknown = (api.get(f"{sessions_of(conference)}{number}/") for number in (secret.pk, 10**9))
        assert (answer.status_code, answer.content) == (404, unknown.content)
        speakers = api.get(f"{LIST}{conference.slug}/speakers/").json()
        assert speakers["count"] == 1
        assert secret.pk not in speakers["results"][0]["sessions"]

    @pytest.mark.parametrize("role", [role for role in StaffRole if role != StaffRole.REGIONAL_COORDINATOR])
    def test_shown_to_staff_of_this_fair(self, api: APIClient, conference: Conference, secret: Session, role: str) -> None:
        api.force_authenticate(StaffMembershipFactory(fair=conference.fair, role=role).user)
        answer = api.get(sessions_of(conference))
        assert sorted(titles(answer)) == ["Behind closed doors", "Open"]
        assert "ETag" not in answer
        assert api.get(f"{sessions_of(conference)}{secret.pk}/").json()["title"] == "Behind closed doors"
        assert api.get(f"{LIST}{conference.slug}/speakers/").json()["count"] == 2

    def test_not_to_staff_of_another(self, api: APIClient, conference: Conference, secret: Session) -> None:
        api.force_authenticate(StaffMembershipFactory().user)
        assert titles(api.get(sessions_of(conference))) == ["Open"]


class TestDraftFairs:
    @pytest.fixture
    def draft(self, db: None) -> Conference:
        return ConferenceFactory(site__fair__status=FairStatus.DRAFT)

    @pytest.mark.parametrize("path", ["", "sessions/", "speakers/"])
    def test_unknown_to_strangers(self, api: APIClient, draft: Conference, path: str) -> None:
        answer = api.get(f"{LIST}{draft.slug}/{path}")
        unknown = api.get(f"{LIST}nowhere/{path}")
        assert (answer.status_code, answer.content) == (404, unknown.content)
        assert api.get(LIST).json()["count"] == 0
        api.force_authenticate(StaffMembershipFactory().user)
        assert api.get(f"{LIST}{draft.slug}/{path}").status_code == 404

    @pytest.mark.parametrize("path", ["", "sessions/", "speakers/"])
    def test_known_to_their_staff(self, api: APIClient, draft: Conference, path: str) -> None:
        api.force_authenticate(StaffMembershipFactory(fair=draft.fair).user)
        assert api.get(f"{LIST}{draft.slug}/{path}").status_code == 200
        assert api.get(LIST).json()["count"] == 1
        api.force_authenticate(UserFactory(is_superuser=True))
        assert api.get(f"{LIST}{draft.slug}/{path}").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_list_is_not_sent_twice_until_it_changes(api: APIClient) -> None:
    conference = ConferenceFactory()
    session = SessionFactory(conference=conference)
    for path in (LIST, sessions_of(conference), f"{LIST}{conference.slug}/speakers/"):
        tag = api.get(path)["ETag"]
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 304
        assert api.get(path, {"lang": "ru"}, headers={"If-None-Match": tag}).status_code == 200
        session.title_en += "!"
        session.save()
        assert api.get(path, headers={"If-None-Match": tag}).status_code == 200
