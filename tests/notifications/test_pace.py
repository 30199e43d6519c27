"""Limits on letters a minute: of the mail server, and of single domains."""

from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import delivery, pace, records, sweep, tasks
from notifications.enums import LetterStatus
from notifications.models import DomainLimit, Letter, Pace
from tests.notifications.smtp_sink import read
from tests.racing import by_many

SECOND = timedelta(seconds=1)
FREE = timedelta(0)
WORKERS = 8


@pytest.fixture
def qq(db) -> DomainLimit:
    """Two letters a minute: no test waits for the third."""
    return DomainLimit.objects.create(domain="qq.com", per_minute=2)


@pytest.fixture
def many(write):
    return [write(key=f"code:{number}", to=f"reader{number}@qq.com") for number in range(4)]


def test_turns_come_evenly_and_no_minute_has_more(db):
    now = timezone.now()
    taken = [now + number * SECOND for number in range(121) if pace.take("qq.com", per_minute=10, now=now + number * SECOND) == FREE]
    assert [moment - now for moment in taken] == [number * 6 * SECOND for number in range(21)]
    for begin in taken:
        assert sum(begin <= moment < begin + 60 * SECOND for moment in taken) <= 10


def test_the_wait_is_told(db):
    now = timezone.now()
    assert pace.take("qq.com", per_minute=10, now=now) == FREE
    assert pace.take("qq.com", per_minute=10, now=now + SECOND) == 5 * SECOND


def test_who_looked_at_the_clock_before_the_one_that_was_quicker_waits(db):
    now = timezone.now()
    assert pace.take("qq.com", per_minute=60, now=now) == FREE
    assert pace.take("qq.com", per_minute=60, now=now - timedelta(milliseconds=3)) == timedelta(seconds=1, milliseconds=3)


def test_limits_are_counted_apart(db):
    now = timezone.now()
    assert [pace.take(key, per_minute=1, now=now) for key in ("qq.com", "163.com", pace.ALL)] == [FREE] * 3


def test_a_limit_that_is_raised_and_a_clock_that_was_wrong_hold_nobody_for_long(db):
    now = timezone.now()
    assert pace.take("qq.com", per_minute=1, now=now) == FREE
    assert pace.take("qq.com", per_minute=60, now=now + SECOND) == FREE
    Pace.objects.update(free_at=9_000_000_000_000_000)
    assert pace.take("qq.com", per_minute=60, now=now + 2 * SECOND) == FREE


def test_a_letter_that_must_wait_is_put_back_unaged_and_holds_up_no_other_domain(sink, write, qq, many):
    other = write(key="code:other", to="anna@example.org")
    before = timezone.now()
    delivery.deliver([*(letter.pk for letter in many), other.pk])
    assert sorted(address for (address,) in sink.recipients) == ["anna@example.org", "reader0@qq.com"]
    for letter in many[1:]:
        waiting = read(letter)
        assert (waiting.status, waiting.attempts, waiting.lost_attempts) == (LetterStatus.QUEUED, 0, 0)
        assert before + 29 * SECOND < waiting.next_attempt_at <= timezone.now() + 30 * SECOND


def test_a_domain_is_served_turn_by_turn(sink, qq, many, clock):
    Letter.objects.update(due_at=timezone.now(), next_attempt_at=timezone.now())
    assert delivery.deliver_to("qq.com") == 30 * SECOND
    clock.shift(30 * SECOND)
    assert delivery.deliver_to("qq.com") == 30 * SECOND
    assert [address for (address,) in sink.recipients] == ["reader0@qq.com", "reader1@qq.com"]


def test_a_domain_takes_the_code_of_somebody_who_waits_before_a_mailing(sink, qq, many, write):
    write(key="code:waited-for", to="waits@qq.com", secret=True)
    Letter.objects.update(next_attempt_at=timezone.now())
    delivery.deliver_to("qq.com")
    assert sink.recipients == [["waits@qq.com"]]


def test_a_domain_that_is_served_says_when_it_is_through(sink, write, db):
    DomainLimit.objects.create(domain="qq.com", per_minute=60_000)
    for number in range(3):
        write(key=f"code:{number}", to=f"reader{number}@qq.com")
    Letter.objects.update(next_attempt_at=timezone.now())
    assert delivery.deliver_to("qq.com") is None
    assert len(sink.taken) == 3


def test_the_sweep_serves_domains_with_a_limit_apart(write, qq, many, monkeypatch):
    other = write(key="code:other", to="anna@example.org")
    handed, served = [], []
    monkeypatch.setattr(tasks.deliver_letters, "delay", lambda *, letter_ids: handed.append(letter_ids))
    monkeypatch.setattr(tasks.deliver_to_domain, "delay", lambda *, domain, until: served.append(domain))
    Letter.objects.update(next_attempt_at=timezone.now())
    tasks.sweep_letters()
    assert (handed, served) == ([[other.pk]], ["qq.com"])


@pytest.mark.parametrize(
    ("task", "run", "arguments", "afterwards"),
    [
        (tasks.deliver_to_domain, "deliver_to", {"domain": "qq.com"}, []),
        (tasks.deliver_in_turn, "deliver_in_turn", {}, [5.0]),  # it looks for new letters
    ],
)
def test_a_run_comes_back_at_the_next_turn_unless_a_sweep_comes_first(task, run, arguments, afterwards, monkeypatch):
    again = []
    monkeypatch.setattr(task, "apply_async", lambda *, kwargs, countdown: again.append((kwargs, countdown)))
    until = timezone.now().timestamp() + 60
    for wait in (6 * SECOND, 70 * SECOND, None):
        monkeypatch.setattr(delivery, run, lambda *_domain, wait=wait: wait)
        task(**arguments, until=until)
    assert again == [({**arguments, "until": until}, countdown) for countdown in [6.0, *afterwards]]


def test_the_mail_servers_limit_holds_for_every_domain(sink, write, settings, monkeypatch):
    settings.LETTERS_PER_MINUTE = 1
    monkeypatch.setattr(delivery, "LONGEST_BATCH_SECONDS", 0.5)
    letters = [write(key=f"code:{number}", to=f"anna@example{number}.org") for number in range(3)]
    delivery.deliver([letter.pk for letter in letters])
    assert len(sink.taken) == 1
    assert {(read(letter).status, read(letter).attempts) for letter in letters[1:]} == {(LetterStatus.QUEUED, 0)}


def test_a_letter_under_the_mail_servers_limit_leaves_its_worker_to_others_soon(sink, write, settings, monkeypatch):
    settings.LETTERS_PER_MINUTE = 6
    waits = []
    monkeypatch.setattr(delivery, "_wait_for_turn", lambda key, per_minute, *, longest: waits.append(longest) or FREE)
    delivery.deliver([write().pk])
    assert waits[0] <= 2 * SECOND


def test_the_mail_server_takes_the_code_of_somebody_who_waits_before_a_mailing(sink, write, settings, clock):
    settings.LETTERS_PER_MINUTE = 6
    DomainLimit.objects.create(domain="qq.com", per_minute=2)
    for number in range(3):
        write(key=f"mailing:{number}", to=f"reader{number}@example.org")
    write(key="code:of-qq", to="waits@qq.com", secret=True)
    write(key="code:waited-for", to="waits@example.org", secret=True)
    Letter.objects.update(due_at=timezone.now(), next_attempt_at=timezone.now())
    assert delivery.deliver_in_turn() == 10 * SECOND
    clock.shift(10 * SECOND)
    assert delivery.deliver_in_turn() == 10 * SECOND
    assert [address for (address,) in sink.recipients] == ["waits@example.org", "reader0@example.org"]


def test_what_is_delivered_in_turn_ends_when_nothing_is_due(sink, write, settings):
    settings.LETTERS_PER_MINUTE = 60_000
    write()
    assert delivery.deliver_in_turn() is None  # a fresh letter is left to its own hint
    Letter.objects.update(next_attempt_at=timezone.now())
    assert (delivery.deliver_in_turn(), len(sink.taken)) == (None, 1)


def test_a_batch_under_the_mail_servers_limit_is_left_to_the_turns(sink, write, settings):
    settings.LETTERS_PER_MINUTE = 60_000
    fresh, later = write(), write(key="code:later", due_at=timezone.now() + timedelta(hours=1))
    refused = write(key="code:refused")
    Letter.objects.filter(pk=refused.pk).update(status=LetterStatus.WAITING)
    tasks.deliver_letters(letter_ids=[fresh.pk, later.pk, refused.pk])
    assert list(Letter.objects.due(now=timezone.now())) == [fresh]
    assert (delivery.deliver_in_turn(), len(sink.taken)) == (None, 1)


def test_the_sweep_makes_no_batches_that_would_wait_for_the_mail_server(write, settings, qq, many, monkeypatch):
    settings.LETTERS_PER_MINUTE = 60
    write(key="code:other", to="anna@example.org")
    begun = []
    monkeypatch.setattr(tasks.deliver_letters, "delay", lambda **arguments: begun.append(arguments))
    monkeypatch.setattr(tasks.deliver_in_turn, "delay", lambda *, until: begun.append("in turn"))
    monkeypatch.setattr(tasks.deliver_to_domain, "delay", lambda *, domain, until: begun.append(domain))
    Letter.objects.update(next_attempt_at=timezone.now())
    tasks.sweep_letters()
    assert begun == ["in turn", "qq.com"]


def test_a_short_turn_of_the_mail_server_is_waited_for(sink, write, settings):
    settings.LETTERS_PER_MINUTE = 6000
    delivery.deliver([write(key=f"code:{number}").pk for number in range(5)])
    assert len(sink.taken) == 5


def test_without_limits_nothing_is_counted(sink, write, django_assert_num_queries):
    letters = [write(key=f"code:{number}").pk for number in range(2)]
    delivery.deliver(letters)
    assert not Pace.objects.exists()


def test_domains_are_due_when_their_letters_are(qq, many):
    now = timezone.now()
    assert sweep.limited_domains(now=now) == []
    assert sweep.limited_domains(now=now + sweep.HINT_LASTS) == ["qq.com"]
    assert sweep.take_due(now=now + sweep.HINT_LASTS) == []


def test_a_deferred_letter_that_somebody_has_meanwhile_stays_theirs(write):
    letter = write()
    Letter.objects.claim([letter.pk], now=timezone.now())
    records.defer(letter.pk, until=timezone.now() + 60 * SECOND)
    assert read(letter).next_attempt_at == letter.next_attempt_at


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
class TestManyWorkers:
    def test_one_of_eight_gets_the_turn(self):
        now = timezone.now()
        for turn in range(20):
            waits = by_many(lambda _number, turn=turn: pace.take("qq.com", per_minute=60, now=now + turn * SECOND), times=WORKERS)
            assert waits.count(FREE) == 1

    def test_without_the_single_statement_several_would(self, monkeypatch):
        """The control: who looks first and moves the turn on afterwards shares it."""

        def look_then_take(_number):
            row = Pace.objects.get(key="qq.com")
            if row.free_at > 0:
                return 0
            Pace.objects.filter(pk=row.pk).update(free_at=1)
            return 1

        most = 0
        for _round in range(20):
            Pace.objects.update_or_create(key="qq.com", defaults={"free_at": 0})
            most = max(most, sum(by_many(look_then_take, times=WORKERS)))
        assert most > 1
