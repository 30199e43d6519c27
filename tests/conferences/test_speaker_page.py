"""The own page of somebody on the programme: by the link of a letter alone, in the own language, and nothing of anybody else's on it."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import clock
from conferences.domain import own_speaker, speaker_invitations, speaker_links
from conferences.models import Availability, Conference, Participation, SessionRevision, Speaker, SpeakerChange, SpeakerSlides
from fairs.enums import StaffRole
from tests.conferences.admin.test_desk import person
from tests.conferences.domain.test_releases import revision
from tests.exhibitors.pictures import picture
from tests.factories.conferences import ConferenceFactory, ParticipationFactory, SessionFactory, SpeakerFactory, at
from tests.uploaded import pdf, upload

Letters = Callable[[Callable[[], Any]], list[Any]]


@pytest.fixture
def part(conference: Conference) -> Participation:
    return ParticipationFactory(session__conference=conference)


def page_of(speaker: Speaker) -> str:
    word, _number = speaker_links.new_link(speaker, now=clock.now())
    return f"/conferences/{speaker.conference.slug}/speaker/{word}/"


def fresh(speaker: Speaker) -> Speaker:
    return Speaker.objects.get(pk=speaker.pk)


def test_the_letter_leads_to_the_page(client: Client, part: Participation, letters: Letters) -> None:
    (letter,) = letters(lambda: speaker_invitations.invite(speaker_id=part.speaker_id, by=None, now=clock.now()))
    assert "«Холодовая цепь» (докладчик)" in letter.body
    path = re.search(r"http://testserver(/conferences/\S+/speaker/[\w-]{43}/)", letter.body)[1]
    shown = client.get(path)
    assert (shown.status_code, shown.headers["Referrer-Policy"]) == (200, "same-origin")
    assert "no-store" in shown.headers["Cache-Control"]
    page = shown.content.decode()
    for text in ('lang="ru"', "Холодовая цепь", "10:00", "Анна Речная"):
        assert text in page, text


def test_links_end(client: Client, part: Participation) -> None:
    speaker = part.speaker
    path = page_of(speaker)
    elsewhere = ConferenceFactory()
    for wrong in (path[:-2] + "x/", path.replace(speaker.conference.slug, elsewhere.slug), path[:-1] + "ß" * 9 + "/"):
        assert client.get(wrong).status_code == 404
    speaker.links.update(expires_at=clock.now() - timedelta(seconds=1))
    assert client.get(path).status_code == 404
    path = page_of(speaker)
    assert speaker_links.revoke([speaker.pk]) == 2
    assert client.get(path).status_code == 404
    assert client.post(path, {"step": "confirm"}).status_code == 404
    assert fresh(speaker).answer == "open"


def test_confirm_and_decline_with_a_reason_that_staff_read(client: Client, part: Participation, letters: Letters) -> None:
    speaker = part.speaker
    producer = person(speaker.conference, StaffRole.CONFERENCE_PRODUCER)
    person(speaker.conference, StaffRole.CHECK_IN)
    path = page_of(speaker)
    assert letters(lambda: client.post(path, {"step": "confirm"})) == []
    assert fresh(speaker).answer == "confirmed"
    assert client.post(path, {"step": "decline", "reason": "  "}).status_code == 400
    (letter,) = letters(lambda: client.post(path, {"step": "decline", "reason": "Ill <b>"}))
    assert producer.email in letter.to[0]
    assert "Ill <b>" in letter.body
    assert letters(lambda: client.post(path, {"step": "decline", "reason": "Ill <b>"})) == []
    assert (fresh(speaker).answer, fresh(speaker).reason) == ("declined", "Ill <b>")
    assert "Ill &lt;b&gt;" in client.get(path).content.decode()
    client.post(path, {"step": "confirm"})
    assert (fresh(speaker).answer, fresh(speaker).reason) == ("confirmed", "")
    assert list(SpeakerChange.objects.values_list("before", "after").order_by("pk")) == [
        ("open", "confirmed"),
        ("confirmed", "declined"),
        ("declined", "confirmed"),
    ]


def profile(speaker: Speaker, **given: str) -> dict[str, str]:
    columns = (*own_speaker.LINES, *own_speaker.BIOGRAPHIES, "language")
    return {"step": "profile", **{name: getattr(speaker, name) or "" for name in columns}, **given}


@pytest.mark.django_db(transaction=True)  # the public revision grows when something is committed
def test_public_texts_are_changed_and_noted_and_raise_the_revision(client: Client, part: Participation) -> None:
    speaker, path = part.speaker, page_of(part.speaker)
    before, number = revision(speaker.conference), SessionRevision.objects.get().number
    assert client.post(path, profile(speaker, biography_en="New", name_zh_hans=" 新\u200b 名 ")).status_code == 302
    assert (fresh(speaker).biography_en, fresh(speaker).name_zh_hans) == ("New", "新 名")
    assert revision(speaker.conference) > before
    assert SessionRevision.objects.get().number == number + 1
    assert set(SpeakerChange.objects.values_list("what", flat=True)) == {"biography_en", "name_zh_hans"}
    before = revision(speaker.conference)
    client.post(path, {"step": "travel", "travel": "booked", "visa": "applied"})
    client.post(path, {"step": "confirm"})
    assert (fresh(speaker).travel, fresh(speaker).visa) == ("booked", "applied")
    assert revision(speaker.conference) == before  # nobody else sees these


@pytest.mark.parametrize(
    "wrong",
    [
        {"name_ru": "", "name_zh_hans": "", "name_en": ""},
        {"name_en": "x" * 151},
        {"name_en": "a\x00b"},
        {"language": "de"},
        {"biography_ru": "x" * 4001},
    ],
)
def test_wrong_texts_are_refused(client: Client, part: Participation, wrong: dict[str, str]) -> None:
    answer = client.post(page_of(part.speaker), profile(part.speaker, **wrong))
    assert answer.status_code == 400
    assert 'class="wrong"' in answer.content.decode()
    assert not SpeakerChange.objects.exists()


def test_what_staff_know_of_a_visa_is_not_for_the_person_to_say(client: Client, part: Participation) -> None:
    path = page_of(part.speaker)
    assert client.post(path, {"step": "travel", "travel": "arrived", "visa": "invited"}).status_code == 400
    Speaker.objects.update(visa="invited")
    assert client.post(path, {"step": "travel", "travel": "booked", "visa": "invited"}).status_code == 302


def times(*hows: str, **given: str) -> dict[str, str]:
    days = ("2030-05-01", "2030-05-02", "2030-05-03")
    return {"step": "times", **{f"how_{day}": how for day, how in zip(days, hows, strict=True)}, **given}


def test_when_the_person_can_come(client: Client, part: Participation) -> None:
    speaker, path = part.speaker, page_of(part.speaker)
    conference = speaker.conference
    sent = times("no", "part", "all", **{"from_2030-05-02": "14:00", "to_2030-05-02": "18:00"})
    assert client.post(path, sent).status_code == 302
    found = list(speaker.availabilities.values_list("starts_at", "ends_at"))
    assert found == [(at(conference, 14, 1), at(conference, 18, 1)), (at(conference, 0, 2), at(conference, 0, 3))]
    page = client.get(path).content.decode()
    assert 'value="14:00"' in page
    for wrong in (times("no", "no", "no"), times("all", "part", "no"), times("all", "all", "never")):
        assert client.post(path, wrong).status_code == 400
    assert speaker.availabilities.count() == 2
    client.post(path, times("all", "all", "all"))
    assert speaker.availabilities.count() == 0


def test_several_times_of_a_day_stay_unless_that_day_is_changed(client: Client, part: Participation) -> None:
    speaker, path, conference = part.speaker, page_of(part.speaker), part.speaker.conference
    noted = [(at(conference, 9), at(conference, 11)), (at(conference, 15), at(conference, 18))]
    for starts_at, ends_at in noted:
        Availability.objects.create(speaker=speaker, starts_at=starts_at, ends_at=ends_at)
    assert "09:00–11:00, 15:00–18:00." in client.get(path).content.decode()
    shown = {"from_2030-05-01": "09:00", "to_2030-05-01": "18:00"}
    found = speaker.availabilities.order_by("starts_at").values_list("starts_at", "ends_at")
    assert client.post(path, times("part", "no", "all", **shown)).status_code == 302
    assert list(found) == [*noted, (at(conference, 0, 2), at(conference, 0, 3))]
    assert client.post(path, times("part", "no", "all", **{**shown, "to_2030-05-01": "17:00"})).status_code == 302
    assert found.all()[0] == (at(conference, 9), at(conference, 17))


@pytest.mark.django_db(transaction=True)  # the public revision grows when something is committed
@pytest.mark.usefixtures("media")
def test_a_photo_is_drawn_anew_and_shown_to_everybody(client: Client, part: Participation) -> None:
    speaker, path = part.speaker, page_of(part.speaker)
    before = revision(speaker.conference)
    assert client.post(path, {"step": "photo", "file": upload(picture("PNG"), "me.exe")}).status_code == 302
    name = fresh(speaker).photo.name
    assert re.fullmatch(r"photos/[0-9a-f]{32}\.jpg", name)
    assert revision(speaker.conference) == before + 1
    shown = client.get(f"/media/{name}")
    assert b"".join(shown.streaming_content).startswith(b"\xff\xd8")
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    assert name in client.get(path).content.decode()
    assert client.post(path, {"step": "no_photo"}).status_code == 302
    assert fresh(speaker).photo.name == ""


@pytest.mark.usefixtures("media")
@pytest.mark.parametrize(
    "content", [b"", b"<svg onload=alert(1)>", b"\x89PNG\r\n\x1a\n" + b"\0" * 99, b"GIF89a", b"%PDF-1.4", b"x" * (8 * 1024 * 1024 + 1)]
)
def test_what_is_no_photo_is_refused(client: Client, part: Participation, content: bytes) -> None:
    answer = client.post(page_of(part.speaker), {"step": "photo", "file": upload(content, "me.png")})
    assert answer.status_code == 400
    assert fresh(part.speaker).photo.name == ""
    assert not default_storage.exists("photos") or default_storage.listdir("photos")[1] == []


@pytest.mark.usefixtures("media")
def test_slides_have_versions_that_their_owner_alone_loads(client: Client, part: Participation) -> None:
    path, session = page_of(part.speaker), part.session
    for name in ("one.pdf", "二.pdf"):
        assert client.post(path, {"step": "slides", "session": session.pk, "file": upload(pdf(), name)}).status_code == 302
    assert list(SpeakerSlides.objects.order_by("version").values_list("version", "file__original_name")) == [(1, "one.pdf"), (2, "二.pdf")]
    page = client.get(path).content.decode()
    assert "one.pdf" in page
    latest = SpeakerSlides.objects.get(version=2)
    loaded = client.get(f"{path}slides/{latest.pk}/")
    assert b"".join(loaded.streaming_content) == pdf()
    assert loaded["Content-Type"] == "application/pdf"
    assert "attachment" in loaded["Content-Disposition"]
    other = ParticipationFactory(session=session).speaker
    theirs = page_of(other)
    assert "one.pdf" not in client.get(theirs).content.decode()
    assert client.get(f"{theirs}slides/{latest.pk}/").status_code == 404
    assert client.get(f"{path}slides/{10**30}/").status_code == 404


@pytest.mark.usefixtures("media")
def test_slides_are_a_pdf_for_a_session_of_ones_own(client: Client, part: Participation, monkeypatch: pytest.MonkeyPatch) -> None:
    path, session = page_of(part.speaker), part.session
    other = SessionFactory(conference=session.conference)
    for number in (other.pk, 0, "x", 10**30, ""):
        assert client.post(path, {"step": "slides", "session": number, "file": upload(pdf(), "a.pdf")}).status_code == 400
    for content in (b"MZ\x90", pdf()[:40], picture("PNG"), b"PK\x03\x04" + b"\0" * 40, b"%PDF-1.4 /JavaScript %%EOF"):
        assert client.post(path, {"step": "slides", "session": session.pk, "file": upload(content, "a.pdf")}).status_code == 400
    assert client.post(path, {"step": "slides", "session": session.pk}).status_code == 400
    monkeypatch.setattr(own_speaker, "MOST_VERSIONS", 0)
    assert client.post(path, {"step": "slides", "session": session.pk, "file": upload(pdf(), "a.pdf")}).status_code == 400
    assert not SpeakerSlides.objects.exists()


def test_nothing_of_a_draft_or_of_others_is_on_the_page(client: Client, conference: Conference) -> None:
    draft = SessionFactory(conference=conference, title_ru="Мёд", starts_at=None, ends_at=None)
    mine = ParticipationFactory(session=draft)
    draft.draft_starts_at, draft.draft_ends_at = at(conference, 13), at(conference, 14)
    draft.save()
    SessionFactory(conference=conference, title_ru="Тайна", is_public=False)
    page = client.get(page_of(mine.speaker)).content.decode()
    assert "Мёд" in page
    assert "13:00" not in page
    assert "Тайна" not in page


@pytest.mark.parametrize("rows", [1, 3])
def test_as_many_queries_for_many_sessions(
    client: Client, conference: Conference, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    speaker = SpeakerFactory(conference=conference)
    for hour in range(rows):
        ParticipationFactory(session=SessionFactory(conference=conference, starts_at=at(conference, 10 + hour)), speaker=speaker)
    path = page_of(speaker)
    client.get(path)
    with django_assert_num_queries(5):  # conference, link with the person, times, slides, sessions with rooms
        client.get(path)


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_the_page_speaks_the_persons_language(client: Client, part: Participation, language: str) -> None:
    Speaker.objects.update(language=language, time_zone="Europe/Moscow", name_ru="<b>אברהם</b>", name_zh_hans="", name_en="")
    page = client.get(page_of(part.speaker)).content.decode()
    assert f'lang="{language}"' in page
    assert "<b>" not in page.split("<main>")[1]


@pytest.mark.parametrize("step", ["", "other", "confirm ", "\x00"])
def test_an_unknown_step_changes_nothing(client: Client, part: Participation, step: str) -> None:
    assert client.post(page_of(part.speaker), {"step": step}).status_code == 200
    assert not SpeakerChange.objects.exists()


def test_a_declined_answer_has_its_reason_in_the_table(part: Participation) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Speaker.objects.update(answer="declined", answered_at=clock.now())
