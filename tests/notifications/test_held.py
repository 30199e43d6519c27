"""Letters that have not left and need not."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from notifications import held, outbox
from notifications.enums import LetterStatus
from notifications.models import Letter

NASTY = "<b>x</b> [click](http://evil.example) www.evil.example"


def again(letter: Letter) -> Letter:
    return Letter.objects.get(pk=letter.pk)


def test_a_held_letter_leaves_when_it_is_released(write, django_capture_on_commit_callbacks, mailoutbox):
    with django_capture_on_commit_callbacks(execute=True):
        letter = write(held=True)
    assert mailoutbox == []
    with django_capture_on_commit_callbacks(execute=True):
        assert held.release(letter_id=letter.pk, now=timezone.now())
    assert again(letter).status == LetterStatus.SENT
    assert not held.release(letter_id=letter.pk, now=timezone.now())


def test_a_released_letter_for_later_keeps_its_day(write, django_capture_on_commit_callbacks, mailoutbox):
    tomorrow = timezone.now() + timedelta(days=1)
    letter = write(held=True, due_at=tomorrow)
    with django_capture_on_commit_callbacks(execute=True):
        assert held.release(letter_id=letter.pk, now=timezone.now())
    assert (again(letter).due_at, again(letter).is_held, mailoutbox) == (tomorrow, False, [])


@pytest.mark.parametrize(
    ("status", "may"), [("queued", True), ("waiting", True), ("failed", False), ("cancelled", False), ("expired", False)]
)
def test_only_what_rests_is_held_back_or_cancelled(write, status, may):
    letter = write()
    Letter.objects.update(status=status)
    assert held.hold(letter_id=letter.pk) is may
    assert not held.hold(letter_id=letter.pk)
    assert outbox.cancel_letter(letter_id=letter.pk) is may
    assert again(letter).status == ("cancelled" if may else status)


def test_what_is_on_the_wire_is_neither_held_nor_cancelled(write):
    letter = write()
    Letter.objects.claim([letter.pk], now=timezone.now())
    assert not held.hold(letter_id=letter.pk)
    assert not outbox.cancel_letter(letter_id=letter.pk)


def test_a_cancelled_secret_loses_its_body(write):
    letter = write(secret=True)
    assert outbox.cancel_letter(letter_id=letter.pk)
    assert again(letter).sealed == ""


def test_an_edited_letter_says_the_new_in_both_forms(write):
    letter = write(held=True, name="王芳")
    text = letter.text.replace("ABCD-EFGH", "See\nhttps://fair.example/offer?a=1&b=2.\n\n- one\n- two")
    assert held.edit(letter_id=letter.pk, subject="New\r\nBcc: spy@example.org", text=text.replace("\n", "\r\n"), now=timezone.now())
    edited = again(letter)
    assert edited.subject == "New Bcc: spy@example.org"
    assert "https://fair.example/offer?a=1&b=2." in edited.text
    assert 'href="https://fair.example/offer?a=1&amp;b=2"' in edited.html
    assert edited.html.count("<li ") == 2
    assert edited.text.count("\n\n-- \n") == 1
    assert edited.text.split("\n\n-- \n")[1].strip() in letter.text


def test_what_a_user_wrote_makes_no_link_after_an_edit_either(write):
    letter = write(held=True, name=NASTY, context={"code": NASTY})
    assert held.edit(letter_id=letter.pk, subject=NASTY, text=letter.text + "\n", now=timezone.now())
    edited = again(letter)
    assert "http://evil" not in edited.html + edited.text
    assert "www.evil" not in edited.html + edited.text
    assert "<b>" not in edited.html


def test_editing_changes_what_may_be_edited_only(write):
    cases = {
        "left to its own": write(key="1"),
        "secret": write(key="2", secret=True, held=True),
        "sent": write(key="3"),
        "tried before": write(key="4", held=True),
    }
    now = timezone.now()
    Letter.objects.filter(pk=cases["sent"].pk).update(status="sent", sent_at=now)
    Letter.objects.filter(pk=cases["tried before"].pk).update(attempts=1)
    for case, letter in cases.items():
        assert not held.edit(letter_id=letter.pk, subject="New", text="New", now=now), case
        assert again(letter).subject == letter.subject
    later = write(key="5", due_at=now + timedelta(hours=1))
    assert held.edit(letter_id=later.pk, subject="New", text="New", now=now)
    assert not held.edit(letter_id=later.pk, subject="Newer", text="New", now=now + timedelta(hours=1))


@pytest.mark.parametrize("changes", [{"status": "waiting"}, {"status": "failed"}, {"status": "cancelled"}])
def test_only_queued_letters_are_held(write, changes):
    letter = write(held=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**changes)


@pytest.mark.parametrize("changes", [{"bounced_at": timezone.now()}, {"delivered_at": timezone.now()}])
def test_only_sent_letters_bounce(write, changes):
    letter = write()
    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**changes)
