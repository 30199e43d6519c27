"""A broken shipped text: what the letter tells is done all the same, and the letter is failed with the reason."""

import pytest
from django.core import mail
from django.db import OperationalError

from notifications import outbox, rendering, repeats, sweep
from notifications.enums import LetterStatus
from notifications.models import Letter
from notifications.outbox import NewLetter, write_drawn, write_letters


@pytest.fixture
def broken(monkeypatch):
    def broken(occasion, scope):
        raise ValueError(f"no such tag, near {scope.context.get('code')}")

    monkeypatch.setattr(rendering, "render_shipped", broken)


def new(key="1", **given):
    return NewLetter(key=key, to="anna@example.org", occasion="accounts.password_changed", language="ru", **given)


def test_the_letter_is_failed_with_the_reason_and_nothing_is_sent(write, broken, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(occasion="accounts.password_changed", language="ru")
    assert (letter.status, letter.subject, letter.text) == (LetterStatus.FAILED, "Учётная запись: пароль изменён", "")
    assert "no such tag" in letter.last_error
    assert mail.outbox == []


def test_one_with_a_code_says_the_kind_of_error_alone(write, broken):
    letter = write(secret=True)
    assert (letter.status, letter.sealed) == (LetterStatus.FAILED, "")
    assert "ValueError" in letter.last_error
    assert "ABCD" not in letter.last_error


@pytest.mark.parametrize(
    "write_many",
    [
        write_letters,
        lambda letters: write_letters(letters, are_new=True),
        lambda letters: write_drawn([outbox.draw(letter) for letter in letters]),
    ],
)
def test_many_at_once_too(write_many, broken, db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as hints:
        assert write_many([new("1"), new("2")]) == 2
    assert hints == []
    assert set(Letter.objects.values_list("status", flat=True)) == {LetterStatus.FAILED}


def test_the_queue_goes_on_past_it_and_it_is_not_sent_again_empty(write, broken, monkeypatch, django_capture_on_commit_callbacks):
    letter = write()
    monkeypatch.undo()
    with django_capture_on_commit_callbacks(execute=True):
        write(key="2")
    assert sweep.take_due(now=letter.due_at) == []
    assert len(mail.outbox) == 1
    assert not repeats.send_again(letter_id=letter.pk)


def test_a_database_that_is_away_says_nothing_about_a_text(write, monkeypatch):
    def away(occasion, scope):
        raise OperationalError("gone")

    monkeypatch.setattr(rendering, "render_shipped", away)
    with pytest.raises(OperationalError):
        write()
    assert not Letter.objects.exists()
