from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from accounts.codes import CODE_ALPHABET, CODE_LENGTH
from conferences.domain import delegates
from conferences.domain.conferences import set_capacity
from conferences.domain.delegates import CodeUnknown, ConferenceOver, NotRegistered, Registration
from conferences.models import Conference, Delegate
from notifications import rendering
from notifications.models import Letter
from tests.conferences.conftest import NOW, code_in
from tests.factories.conferences import ConferenceFactory, DelegateFactory, registration

Letters = Callable[[Callable[[], Any]], list[Any]]
TWO_DAYS = timedelta(hours=48)


def register(conference: Conference, email: str = "anna@example.com", now: datetime = NOW, **given: Any) -> str:
    values = Registration(**registration(email=email, **given))
    return delegates.register(conference=conference, values=values, now=now)


def statuses(conference: Conference) -> dict[str, str]:
    return dict(Delegate.objects.filter(conference=conference).order_by("pk").values_list("email", "status"))


def test_places_go_in_order_and_then_there_is_a_waiting_list(conference: Conference) -> None:
    assert [register(conference, f"{name}@example.com") for name in "abc"] == ["reserved", "reserved", "waiting"]
    assert statuses(conference) == {"a@example.com": "reserved", "b@example.com": "reserved", "c@example.com": "waiting"}


def test_a_place_that_comes_free_is_for_who_waits_for_this_conference(conference: Conference) -> None:
    full = ConferenceFactory(capacity=0)
    assert register(full, "first@example.com") == "waiting"
    for name in "abc":
        register(conference, f"{name}@example.com")
    set_capacity(conference_id=conference.pk, capacity=3, now=NOW)
    assert statuses(conference)["c@example.com"] == "offered"
    assert statuses(full) == {"first@example.com": "waiting"}


def test_the_code_in_the_letter_confirms(conference: Conference, letters: Letters) -> None:
    (letter,) = letters(lambda: register(conference))
    assert "anna@example.com" in letter.to[0]
    assert "17 January 2030, 17:00 (Beijing)" in letter.body
    stored = Letter.objects.get()
    assert (stored.text, stored.html, stored.sealed) == ("", "", "")
    assert stored.fair_id == conference.fair_id
    code = code_in(letter)
    assert code not in str(Delegate.objects.values().get())

    (confirmation,) = letters(lambda: delegates.confirm_by_code(conference=conference, code=f" {code}\n", now=NOW + TWO_DAYS))

    assert confirmation.subject == "Your place at the conference is confirmed"
    assert Delegate.objects.get().confirmed_at == NOW + TWO_DAYS
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=conference, code=code, now=NOW + TWO_DAYS)


def test_a_code_is_good_for_48_hours_and_one_conference(conference: Conference, letters: Letters) -> None:
    (letter,) = letters(lambda: register(conference))
    code = code_in(letter)
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=ConferenceFactory(), code=code, now=NOW)
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=conference, code=code, now=NOW + TWO_DAYS + timedelta(seconds=1))
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=conference, code="", now=NOW)
    assert Delegate.objects.get().confirmed_at is None


def test_a_code_is_easy_to_type(conference: Conference, letters: Letters) -> None:
    (letter,) = letters(lambda: register(conference))
    code = code_in(letter)
    groups = code.split("-")
    assert [len(group) for group in groups] == [5] * 6
    assert set("".join(groups)) <= set(CODE_ALPHABET)
    assert not set("ILOU") & set(CODE_ALPHABET)
    assert len(CODE_ALPHABET) ** CODE_LENGTH >= 2**128

    typed = f" {code.lower().replace('-', ' ', 2).replace('-', '', 1).replace('-', chr(0x2013)).replace('0', 'o').replace('1', 'l')}\t"
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=conference, code=typed + "2", now=NOW)
    assert delegates.confirm_by_code(conference=conference, code=typed, now=NOW).confirmed_at == NOW


@pytest.mark.parametrize("language", ["ru", "zh-hans", "en"])
def test_letters_speak_the_delegates_language(conference: Conference, letters: Letters, language: str) -> None:
    conference.capacity = 1
    conference.save()
    name = {"ru": "Конференция", "zh-hans": "大会", "en": "Conference"}[language]
    sent = letters(lambda: register(conference, language=language))
    sent += letters(lambda: register(conference, "b@example.com", language=language))
    sent += letters(lambda: register(conference, language=language))
    sent += letters(lambda: delegates.confirm_by_code(conference=conference, code=code_in(sent[1]), now=NOW))
    sent += letters(lambda: delegates.cancel(delegate_id=Delegate.objects.earliest("pk").pk, by=None, now=NOW))
    assert len({letter.subject for letter in sent}) == 6
    assert all(name in letter.body for letter in sent)


@pytest.mark.parametrize(
    ("language", "written"),
    [("ru", "28–30 января 2024 г."), ("zh-hans", "2024年1月28日至30日"), ("en", "28–30 January 2024")],
)
def test_letters_name_the_days_of_the_conference(conference: Conference, letters: Letters, language: str, written: str) -> None:
    conference.starts_on, conference.ends_on = date(2024, 1, 28), date(2024, 1, 30)
    conference.save()
    (letter,) = letters(lambda: register(conference, language=language, now=datetime(2024, 1, 2, tzinfo=UTC)))
    assert written in letter.body


def test_answers_go_to_the_fairs_reply_address(conference: Conference, letters: Letters) -> None:
    conference.fair.reply_to = "desk@example.org"
    conference.fair.save()
    (letter,) = letters(lambda: register(conference))
    assert letter.message()["Reply-To"] == "desk@example.org"
    assert "desk@example.org" in letter.body


def test_a_known_address_gets_the_answer_of_a_newcomer_and_a_letter(conference: Conference, letters: Letters) -> None:
    register(conference)
    register(conference, "b@example.com")
    answers: list[str] = []
    (letter,) = letters(lambda: answers.append(register(conference, " ANNA@example.com ", name="Somebody else")))
    assert answers == ["waiting"]
    assert letter.subject == "You are registered for the conference already"
    assert "A place is reserved for you" in letter.body
    assert "The address has not been confirmed yet" in letter.body
    assert "Somebody else" not in letter.body
    assert Delegate.objects.count() == 2
    assert letters(lambda: register(conference)) == []


def test_unconfirmed_places_lapse_and_the_first_who_wait_move_up(conference: Conference, letters: Letters) -> None:
    for name in "abcde":
        register(conference, f"{name}@example.com")
    delegates.confirm(delegate_id=Delegate.objects.get(email="b@example.com").pk, by=None, now=NOW)

    assert delegates.release_unconfirmed_places(now=NOW + TWO_DAYS) == 0
    later = NOW + TWO_DAYS + timedelta(seconds=1)
    (letter,) = letters(lambda: delegates.release_unconfirmed_places(now=later))

    assert list(statuses(conference).values()) == ["lapsed", "reserved", "offered", "waiting", "waiting"]
    assert "c@example.com" in letter.to[0]
    assert letter.subject == "A place at the conference has come free for you"
    assert delegates.release_unconfirmed_places(now=later) == 0
    delegates.confirm_by_code(conference=conference, code=code_in(letter), now=later + TWO_DAYS)
    assert delegates.release_unconfirmed_places(now=later + 2 * TWO_DAYS) == 0


def test_an_address_that_is_none_keeps_no_place_of_another_conference(conference: Conference, letters: Letters) -> None:
    other = ConferenceFactory(capacity=1)
    for name in "abc":
        register(conference, f"{name}@example.com")
        register(other, f"{name}@example.com")
    Delegate.objects.filter(conference=conference, email="c@example.com").update(email="not an address")
    (letter,) = letters(lambda: delegates.release_unconfirmed_places(now=NOW + TWO_DAYS + timedelta(seconds=1)))
    assert "b@example.com" in letter.to[0]
    assert list(statuses(other).values()) == ["lapsed", "offered", "waiting"]
    assert list(statuses(conference).values()) == ["reserved", "reserved", "waiting"]


def test_who_moved_up_has_48_hours_of_their_own(conference: Conference) -> None:
    for name in "abc":
        register(conference, f"{name}@example.com")
    later = NOW + TWO_DAYS + timedelta(seconds=1)
    delegates.release_unconfirmed_places(now=later)
    assert delegates.release_unconfirmed_places(now=later + TWO_DAYS) == 0
    assert delegates.release_unconfirmed_places(now=later + TWO_DAYS + timedelta(seconds=1)) == 1


def test_a_confirmed_one_who_is_offered_a_place_answers_too(conference: Conference, letters: Letters) -> None:
    conference.offer_hours = 6
    conference.save()
    first, _second = DelegateFactory.create_batch(2, conference=conference)
    DelegateFactory(conference=conference, status="waiting", email="anna@example.com")
    DelegateFactory(conference=conference, status="waiting", email="boris@example.com")
    farewell, letter = letters(lambda: delegates.cancel(delegate_id=first.pk, by=None, now=NOW))
    assert farewell.subject == "Your registration for the conference is cancelled"
    assert list(statuses(conference).values()) == ["cancelled", "reserved", "offered", "waiting"]

    late = NOW + timedelta(hours=6, seconds=1)
    lapsed, second = letters(lambda: delegates.release_unconfirmed_places(now=late))
    assert ("anna@example.com" in lapsed.to[0], lapsed.subject) == (True, "The offer of a place at the conference has lapsed")
    assert list(statuses(conference).values()) == ["cancelled", "reserved", "lapsed", "offered"]
    with pytest.raises(CodeUnknown):
        delegates.confirm_by_code(conference=conference, code=code_in(letter), now=late)
    delegates.confirm_by_code(conference=conference, code=code_in(second), now=late)
    assert list(statuses(conference).values()) == ["cancelled", "reserved", "lapsed", "reserved"]
    with pytest.raises(NotRegistered):
        delegates.cancel(delegate_id=first.pk, by=None, now=NOW)
    with pytest.raises(NotRegistered):
        delegates.confirm(delegate_id=first.pk, by=None, now=NOW)


@pytest.mark.parametrize(
    ("language", "subject", "until"),
    [
        ("en", "The offer of a place at the conference has lapsed", "until 17 January 2030, 17:00 (Beijing)"),
        ("ru", "Срок предложения места на конференции истёк", "до 17 января 2030"),
        ("zh-hans", "为您保留的参会名额已失效", "保留至 2030"),
    ],
)
def test_who_let_an_offer_lapse_hears_so_once(conference: Conference, letters: Letters, language: str, subject: str, until: str) -> None:
    columns = {"status": "offered", "confirm_by": NOW + TWO_DAYS, "code_hash": "a" * 64}
    DelegateFactory(conference=conference, email="anna@example.com", language=language, time_zone="Asia/Shanghai", **columns)
    late = NOW + TWO_DAYS + timedelta(seconds=1)
    assert letters(lambda: delegates.release_unconfirmed_places(now=NOW + TWO_DAYS)) == []
    (letter,) = letters(lambda: delegates.release_unconfirmed_places(now=late))
    assert ("anna@example.com" in letter.to[0], letter.subject, until in letter.body) == (True, subject, True)
    assert letters(lambda: delegates.release_unconfirmed_places(now=late)) == []


def test_after_the_conference_nobody_hears_of_a_lapse(conference: Conference, letters: Letters) -> None:
    DelegateFactory(conference=conference, status="offered", confirm_by=NOW, code_hash="a" * 64)
    over = datetime.combine(conference.ends_on + timedelta(days=1), time(12), tzinfo=UTC)
    assert letters(lambda: delegates.release_unconfirmed_places(now=over)) == []
    assert list(statuses(conference).values()) == ["lapsed"]


def test_imported_delegates_never_lapse(conference: Conference) -> None:
    DelegateFactory(conference=conference, confirmed_at=None, confirm_by=None)
    assert delegates.release_unconfirmed_places(now=NOW + 10 * TWO_DAYS) == 0


def test_whoever_lapsed_may_register_again(conference: Conference) -> None:
    DelegateFactory(conference=conference, email="anna@example.com", status="lapsed")
    assert register(conference) == "reserved"
    assert Delegate.objects.filter(email="anna@example.com").count() == 2


def test_more_places_go_to_those_who_wait_and_fewer_take_none_away(conference: Conference) -> None:
    DelegateFactory.create_batch(2, conference=conference)
    DelegateFactory.create_batch(2, conference=conference, status="waiting")
    set_capacity(conference_id=conference.pk, capacity=3, now=NOW)
    assert list(statuses(conference).values()) == ["reserved", "reserved", "offered", "waiting"]
    set_capacity(conference_id=conference.pk, capacity=1, now=NOW)
    assert list(statuses(conference).values()) == ["reserved", "reserved", "offered", "waiting"]


def test_nothing_is_given_away_once_the_conference_is_over(conference: Conference) -> None:
    first = DelegateFactory(conference=conference)
    DelegateFactory.create_batch(2, conference=conference, status="waiting")
    evening = datetime.combine(conference.ends_on, time(23, 59), conference.fair.zone)
    register(conference, now=evening)
    with pytest.raises(ConferenceOver):
        register(conference, "late@example.com", now=evening + timedelta(minutes=1))
    delegates.cancel(delegate_id=first.pk, by=None, now=evening + timedelta(minutes=1))
    assert list(statuses(conference).values()) == ["cancelled", "waiting", "waiting", "reserved"]


def test_a_known_address_costs_what_a_new_one_does(conference: Conference, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = rendering.render_shipped
    monkeypatch.setattr(rendering, "render_shipped", lambda occasion, scope: drawn.append(occasion) or draw(occasion, scope))
    for _time in range(3):
        register(conference)
    assert drawn == ["conferences.delegate_code", *["conferences.delegate_registered_already"] * 2]
    assert Letter.objects.count() == 2
