"""What every public file of a programme keeps to: who may have it, what is never in it, what it costs, when it is not sent again."""

from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries
from rest_framework.test import APIClient

from fairs.enums import FairStatus
from tests.conferences.exports.world import World, build, hide_something, release
from tests.factories.accounts import UserFactory
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, RoomFactory, SessionFactory, TrackFactory
from tests.factories.fairs import StaffMembershipFactory

# The queries of each: revision, conference with site, sessions, people, rooms, tracks; of a calendar the clock and what is gone;
# of two that name them the hosts; in print the releases with their changes.
FILES = {"schedule.ics": 8, "schedule.xml": 6, "schedule.json": 6, "schedule.jsonld": 7, "schedule.pdf": 9}


@pytest.mark.parametrize("name", FILES)
class TestEveryFile:
    def test_a_confidential_session_changes_no_byte(self, api: APIClient, world: World, name: str) -> None:
        callers = [None, UserFactory(), StaffMembershipFactory(fair=world.conference.fair).user, UserFactory(is_superuser=True)]
        before = self.answers(api, world, name, callers)
        hide_something(world)
        after = self.answers(api, world, name, callers)
        assert [answer.content for answer in after] == [answer.content for answer in before]
        assert after[0]["ETag"] == before[0]["ETag"]
        assert len({answer.content for answer in after}) == 1

    def answers(self, api: APIClient, world: World, name: str, callers: list[Any]) -> list[Any]:
        found = []
        for caller in callers:
            api.force_authenticate(caller)
            found.append(api.get(world.url(name)))
            assert found[-1].status_code == 200
        return found

    @pytest.mark.parametrize("rows", [1, 3])
    def test_as_many_queries_for_many_rows(
        self, api: APIClient, name: str, rows: int, db: None, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        conference = ConferenceFactory()
        for _number in range(rows):
            room, track = RoomFactory(conference=conference), TrackFactory(conference=conference)
            ParticipationFactory.create_batch(rows, session=SessionFactory(conference=conference, room=room, track=track))
            ParticipationFactory()  # of another conference
        release(conference, moved=rows)
        with django_assert_num_queries(FILES[name]):
            assert api.get(f"/api/v1/conferences/{conference.slug}/{name}").status_code == 200
        tag = api.get(f"/api/v1/conferences/{conference.slug}/{name}")["ETag"]
        with django_assert_num_queries(2 if name == "schedule.ics" else 1):  # the revision; of a calendar also its last day
            answer = api.get(f"/api/v1/conferences/{conference.slug}/{name}", headers={"If-None-Match": tag})
        assert (answer.status_code, answer.content) == (304, b"")

    def test_a_conference_with_nothing_in_it(self, api: APIClient, db: None, name: str) -> None:
        assert api.get(f"/api/v1/conferences/{ConferenceFactory().slug}/{name}").status_code == 200

    def test_a_draft_is_unknown_to_strangers_and_there_for_its_staff(self, api: APIClient, db: None, name: str) -> None:
        draft = build(site__fair__status=FairStatus.DRAFT)
        answer, unknown = api.get(draft.url(name)), api.get(f"/api/v1/conferences/nowhere/{name}")
        assert (answer.status_code, answer.content) == (404, unknown.content)
        api.force_authenticate(StaffMembershipFactory().user)
        assert api.get(draft.url(name)).status_code == 404
        api.force_authenticate(StaffMembershipFactory(fair=draft.conference.fair).user)
        answer = api.get(draft.url(name))
        assert answer.status_code == 200
        assert answer["Cache-Control"] == "private, no-store"

    def test_headers(self, api: APIClient, world: World, name: str) -> None:
        answer = api.get(world.url(name), headers={"Accept": "text/calendar"})
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert {"accept-language", "cookie", "x-session-token"} <= {part.strip().lower() for part in answer["Vary"].split(",")}
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert api.head(world.url(name)).status_code == 200

    @pytest.mark.parametrize("query", [{"lang": "de"}, {"lang": "all"}, {"lang": ""}, {"format": "xml"}])
    def test_a_wrong_question_is_named(self, api: APIClient, world: World, name: str, query: dict[str, str]) -> None:
        answer = api.get(world.url(name), query)
        assert answer.status_code == 400
        assert [error["parameter"] for error in answer.json()["errors"]] == list(query)


@pytest.mark.django_db(transaction=True)
def test_a_file_is_not_sent_twice_until_it_changes(api: APIClient) -> None:
    world = build()
    for name in FILES:
        tag = api.get(world.url(name))["ETag"]
        assert api.get(world.url(name), headers={"If-None-Match": tag}).status_code == 304
        assert api.get(world.url(name), {"lang": "ru"}, headers={"If-None-Match": tag}).status_code == 200
        hide_something(world).delete()
        world.people["ivan"].conference.speakers.filter(code="zz").delete()
        assert api.get(world.url(name), headers={"If-None-Match": tag}).status_code == 304
        world.sessions["opening"].title_en += "!"
        world.sessions["opening"].save()
        assert api.get(world.url(name), headers={"If-None-Match": tag}).status_code == 200
