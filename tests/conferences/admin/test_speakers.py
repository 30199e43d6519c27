"""People on the programme at the desk: who comes, what is missing, who is written to once, what they changed and handed in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

import clock
from conferences.domain import own_speaker, speaker_invitations, speaker_links
from conferences.models import Conference, ProgrammeRelease, Speaker, SpeakerLink
from fairs.enums import StaffRole
from tests.conferences.admin.test_desk import list_of, page_of, person
from tests.exhibitors.pictures import picture
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, SpeakerFactory
from tests.factories.fairs import StaffMembershipFactory
from tests.uploaded import pdf, upload

Letters = Callable[[Callable[[], Any]], list[Any]]


def found(client: Client, **query: Any) -> set[str]:
    return {row.code for row in client.get(list_of("speaker"), query).context["cl"].result_list}


def ask(client: Client, action: str, *people: Speaker) -> Any:
    data = {"action": action, "_selected_action": [one.pk for one in people]}
    return data, client.post(list_of("speaker"), data)


def test_who_is_written_to_is_shown_first_and_nobody_twice(client: Client, conference: Conference, letters: Letters) -> None:
    anna, silent = SpeakerFactory(conference=conference), SpeakerFactory(conference=conference, email="")
    client.force_login(person(conference, StaffRole.CONFERENCE_PRODUCER))
    data, asked = ask(client, "invite", anna, silent)
    assert [[reader.email for reader in line.readers] for line in asked.context["possible"]] == [[anna.email]]
    assert [line.number for line in asked.context["impossible"]] == [silent.pk]
    assert not SpeakerLink.objects.exists()
    yes = {**data, "confirmed": asked.context["confirmed"]}
    (letter,) = letters(lambda: client.post(list_of("speaker"), yes))
    assert letter.to[0].endswith(f"<{anna.email}>")
    assert letters(lambda: client.post(list_of("speaker"), yes)) == []  # a colleague, or a second click
    anna.refresh_from_db()
    assert anna.invited_at is not None
    _data, again = ask(client, "invite", anna)
    assert len(letters(lambda: client.post(list_of("speaker"), {**data, "confirmed": again.context["confirmed"]}))) == 1
    assert SpeakerLink.objects.filter(speaker=anna).count() == 2


def test_links_are_revoked(client: Client, conference: Conference) -> None:
    anna, other = SpeakerFactory.create_batch(2, conference=conference)
    for one in (anna, other):
        speaker_links.new_link(one, now=clock.now())
    client.force_login(person(conference))
    data, asked = ask(client, "revoke_links", anna)
    client.post(list_of("speaker"), {**data, "confirmed": asked.context["confirmed"]})
    assert list(SpeakerLink.objects.values_list("speaker", flat=True)) == [other.pk]


@pytest.mark.parametrize("role", [StaffRole.CHECK_IN, StaffRole.COMMUNICATION])
def test_no_step_without_the_right(client: Client, conference: Conference, role: StaffRole, letters: Letters) -> None:
    anna, mine = SpeakerFactory(conference=conference), SpeakerFactory(conference=ConferenceFactory())
    user = person(conference, role)
    StaffMembershipFactory(user=user, fair=mine.conference.fair)  # owner elsewhere: the action is offered
    client.force_login(user)
    _data, asked = ask(client, "invite", anna, mine)
    assert [line.number for line in asked.context["possible"]] == [mine.pk]
    forged = {"action": "invite", "_selected_action": [anna.pk], "confirmed": f"{anna.pk}:0"}
    assert letters(lambda: client.post(list_of("speaker"), forged)) == []


def test_the_list_narrows_to_who_has_not_answered_and_to_what_is_missing(client: Client, conference: Conference, media: Any) -> None:
    session = ParticipationFactory(session__conference=conference, speaker=SpeakerFactory(conference=conference, code="full")).session
    full = Speaker.objects.get(code="full")
    for code, given in {"bare": {"biography_en": "", "email": ""}, "voice": {"biography_en": ""}}.items():
        role = "interpreter" if code == "voice" else "speaker"
        ParticipationFactory(session=session, speaker=SpeakerFactory(conference=conference, code=code, **given), role=role)
    now = clock.now()
    own_speaker.confirm(speaker_id=full.pk, by=None, now=now)
    own_speaker.upload_slides(speaker_id=full.pk, session_id=session.pk, file=upload(pdf(), "s.pdf"), by=None, now=now)
    client.force_login(person(conference))
    assert found(client, answer__exact="open") == {"bare", "voice"}
    assert found(client, missing="photo") == {"full", "bare"}
    assert found(client, missing="biography") == found(client, missing="slides") == {"bare"}
    assert found(client, missing="address") == {"bare"}
    assert found(client, missing="nonsense") == found(client) == {"full", "bare", "voice"}
    assert found(client, changed="yes") == {"full"}
    ProgrammeRelease.objects.create(conference=conference, number=1, released_at=now - timedelta(hours=1))
    assert found(client, changed="released") == {"full"}
    ProgrammeRelease.objects.create(conference=conference, number=2, released_at=now + timedelta(hours=1))
    assert found(client, changed="released") == set()


def test_the_pages_show_what_was_changed_and_link_the_slides(client: Client, conference: Conference, media: Any) -> None:
    part = ParticipationFactory(session__conference=conference)
    now = clock.now()
    own_speaker.update(speaker_id=part.speaker_id, values={"title_en": "<i>Chief</i>", "visa": "granted"}, by=None, now=now)
    own_speaker.upload_slides(speaker_id=part.speaker_id, session_id=part.session_id, file=upload(pdf(), "<b>.pdf"), by=None, now=now)
    client.force_login(person(conference, StaffRole.READ_ONLY))
    page = client.get(page_of(part.speaker)).content.decode()
    for text in ("by the link of a letter", "&lt;i&gt;Chief&lt;/i&gt;", "granted", "/api/v1/files/"):
        assert text in page, text
    session_page = client.get(page_of(part.session)).content.decode()
    assert "/api/v1/files/" in session_page
    assert "Anna Rechnaya" in session_page


def values(speaker: Speaker, **given: Any) -> dict[str, Any]:
    """What the form of somebody's page sends."""
    plain = {
        name: getattr(speaker, name) or "" for name in ("code", "country", "language", "email", "time_zone", "travel", "visa", "answer")
    }
    texts = {
        f"{name}_{column}": getattr(speaker, f"{name}_{column}") or ""
        for name in ("name", "title", "organisation", "biography")
        for column in own_speaker.COLUMNS
    }
    inline = {f"availabilities-{name}": number for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))}
    return {**plain, **texts, **inline, **given}


def test_an_answer_by_telephone_and_a_photo_by_email_are_written_down(
    client: Client, conference: Conference, letters: Letters, media: Any
) -> None:
    anna, user = SpeakerFactory(conference=conference), person(conference, StaffRole.CONFERENCE_PRODUCER)
    colleague = person(conference, StaffRole.CONFERENCE_PRODUCER)
    client.force_login(user)
    silent = client.post(page_of(anna), values(anna, answer="declined"))
    assert "Say in a few words why." in silent.content.decode()
    (letter,) = letters(lambda: client.post(page_of(anna), values(anna, answer="declined", reason="Ill, rang up", title_en="Head")))
    assert colleague.email in letter.to[0]  # and not to who wrote it down
    anna.refresh_from_db()
    assert (anna.answer, anna.reason, anna.title_en, anna.answered_at is None) == ("declined", "Ill, rang up", "Head", False)
    assert letters(lambda: client.post(page_of(anna), values(anna, reason=anna.reason))) == []
    photo = upload(picture("PNG"), "anna.png")
    client.post(page_of(anna), values(anna, answer="confirmed", reason=anna.reason, new_photo=photo))
    anna.refresh_from_db()
    assert (anna.answer, anna.reason, bool(anna.photo)) == ("confirmed", "", True)
    client.post(page_of(anna), values(anna, answer="open"))
    anna.refresh_from_db()
    assert (anna.answer, anna.answered_at) == ("open", None)
    noted = list(anna.changes.order_by("pk").values_list("what", "before", "after", "by"))
    assert noted == [
        ("answer", "open", "declined", user.pk),
        ("answer", "declined", "confirmed", user.pk),
        ("photo", "", "+", user.pk),
        ("answer", "confirmed", "open", user.pk),
    ]


def test_what_is_no_photo_is_refused(client: Client, conference: Conference, media: Any) -> None:
    anna = SpeakerFactory(conference=conference)
    client.force_login(person(conference))
    page = client.post(page_of(anna), values(anna, new_photo=upload(pdf(), "anna.png"))).content.decode()
    assert "This is not a picture in PNG, JPEG or WebP, or it is damaged." in page


def test_the_conferences_page_counts_the_answers(client: Client, conference: Conference) -> None:
    SpeakerFactory.create_batch(2, conference=conference)
    client.force_login(person(conference))
    page = client.get(page_of(conference)).content.decode()
    assert "answer__exact=open" in page
    assert "not answered yet</a>: 2" in page


def test_nobody_is_written_to_after_the_conference(conference: Conference) -> None:
    speaker = SpeakerFactory(conference=conference)
    over = speaker_links.good_until(conference)
    with pytest.raises(speaker_invitations.ConferenceOver):
        speaker_invitations.invite(speaker_id=speaker.pk, by=None, now=over)
