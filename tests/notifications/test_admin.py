from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from notifications import access, pauses
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter, SendingPause, Suppression
from notifications.outcomes import outcome_of


@pytest.fixture
def desk(client, db):
    client.force_login(User.objects.create_superuser("root@example.org", "long enough 1"))
    return client


def test_a_letter_is_shown_in_a_frame_without_rights(desk, write):
    letter = write(key="k", context={"code": '"><script>alert(1)</script>'})
    page = desk.get(f"/admin/notifications/letter/{letter.pk}/change/").content.decode()
    assert '<iframe sandbox="" srcdoc="&lt;!DOCTYPE html&gt;' in page
    assert "<script>alert(1)" not in page
    assert 'name="_save"' not in page


def test_nobody_sees_a_secret_letter(desk, write):
    letter = write(secret=True, context={"code": "SECR-ET99"})
    page = desk.get(f"/admin/notifications/letter/{letter.pk}/change/").content.decode()
    assert "SECR-ET99" not in page
    assert letter.sealed not in page
    assert "<iframe" not in page
    assert "holds a code" in page


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_letters(desk, write, count, django_assert_num_queries):
    for number in range(count):
        write(key=f"code:{number}")
    # session, person, count, rows, two for the years of the calendar, the fairs and the occasions to filter by, pause, clock
    with django_assert_num_queries(10):
        response = desk.get("/admin/notifications/letter/")
    assert response.content.decode().count("anna@example.org") == count


def test_letters_are_neither_added_nor_changed_nor_deleted(desk, write):
    letter = write()
    base = "/admin/notifications/letter/"
    assert desk.get(f"{base}add/").status_code == 403
    assert desk.post(f"{base}{letter.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{base}{letter.pk}/change/", {"subject": "x"}).status_code == 403
    assert Letter.objects.get().subject == letter.subject


LIST = "/admin/notifications/letter/"


def confirmed(desk, action, *letters):
    """Choose the letters, read the page that asks, and press its button."""
    asked = desk.post(LIST, {"action": action, "_selected_action": [letter.pk for letter in letters]})
    assert asked.status_code == 200
    if not asked.context["possible"]:
        return asked
    desk.post(LIST, {"action": action, "_selected_action": letters[0].pk, "confirmed": asked.context["confirmed"]})
    return asked


def test_a_failed_letter_is_sent_again_once_that_is_confirmed(desk, write, django_capture_on_commit_callbacks, mailoutbox):
    failed, secret = write(), write(key="code:2", secret=True)
    Letter.objects.update(status=LetterStatus.FAILED, sealed="")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(LIST, {"action": "send_again", "_selected_action": [failed.pk, secret.pk]})
        assert not mailoutbox, "nobody has confirmed it yet"
        asked = confirmed(desk, "send_again", failed, secret)
    assert [line.number for line in asked.context["possible"]] == [failed.pk]
    assert [line.number for line in asked.context["impossible"]] == [secret.pk]
    failed.refresh_from_db()
    secret.refresh_from_db()
    assert (failed.status, secret.status, len(mailoutbox)) == (LetterStatus.SENT, LetterStatus.FAILED, 1)


@pytest.mark.parametrize("query", ["АННА", "анна ПЕТРЁ", "петрева", "ANNA@Example", "message-id", "<message-id>", "(скидка)"])
def test_a_letter_is_found_whatever_the_case(desk, write, query):
    letter = write(name="Анна Петрёва")
    write(key="code:2", to="other@example.org", name="Другой")
    Letter.objects.filter(pk=letter.pk).update(subject="Код (Скидка)")
    typed = query.replace("message-id", letter.message_id.strip("<>"))
    assert [row.pk for row in desk.get(LIST, {"q": typed}).context["cl"].queryset] == [letter.pk]


def test_the_list_says_that_the_mail_server_takes_nothing_and_when_it_is_tried_again(desk, write):
    assert b'role="alert"' not in desk.get(LIST).content
    until = timezone.now() + timedelta(minutes=1)
    SendingPause.objects.create(until=until, reason="535 wrong password", is_refusal=True)
    page = desk.get(LIST)
    assert "Its answer: 535 wrong password" in page.content.decode()
    assert page.context["pause"].until == until
    pauses.end(now=until)
    assert b"535 wrong" not in desk.get(LIST).content


def bounced(letter):
    moment = timezone.now()
    Letter.objects.filter(pk=letter.pk).update(status=LetterStatus.SENT, sent_at=moment, bounced_at=moment, report="failed 5.1.1")
    return letter


def test_a_letter_that_came_back_is_sent_again_from_its_page(desk, write, django_capture_on_commit_callbacks, mailoutbox):
    letter = bounced(write())
    assert [step["name"] for step in desk.get(f"{LIST}{letter.pk}/change/").context["letter_steps"]] == ["send_again"]
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"{LIST}{letter.pk}/step/send_again/")
    sent = Letter.objects.get()
    assert (sent.status, sent.bounced_at, sent.report, len(mailoutbox)) == (LetterStatus.SENT, None, "", 1)


@pytest.mark.parametrize("came_back", [True, False])
def test_to_an_address_without_mail_nothing_is_sent_again_until_it_is_lifted(desk, write, came_back):
    letter = write()
    if came_back:
        bounced(letter)
    else:
        Letter.objects.update(status=LetterStatus.FAILED)
    closed = Suppression.objects.create(address=letter.address, reason=SuppressionReason.REPORTED)
    page = desk.get(f"{LIST}{letter.pk}/change/")
    assert [step["name"] for step in page.context["letter_steps"]] == ["send_again"], "its page says what to do first"
    assert "lift the address first" in desk.get(f"{LIST}{letter.pk}/step/send_again/").context["reason"]
    assert "lift the address first" in confirmed(desk, "send_again", letter).context["impossible"][0].reason
    answer = desk.post(f"{LIST}{letter.pk}/step/send_again/", follow=True)
    assert "1 letter stays as it is: No mail goes to its address: lift the address first" in str(next(iter(answer.context["messages"])))
    assert Letter.objects.get().status != LetterStatus.QUEUED
    Suppression.objects.filter(pk=closed.pk).update(lifted_at=timezone.now())
    desk.post(f"{LIST}{letter.pk}/step/send_again/")
    assert Letter.objects.get().status == LetterStatus.QUEUED


def test_letters_are_held_released_and_dropped(desk, write, mailoutbox, django_capture_on_commit_callbacks):
    first, second = write(), write(key="code:2")
    confirmed(desk, "hold", first, second)
    assert list(Letter.objects.values_list("is_held", flat=True)) == [True, True]
    confirmed(desk, "drop", first)
    with django_capture_on_commit_callbacks(execute=True):
        confirmed(desk, "release", first, second)
    assert dict(Letter.objects.values_list("pk", "status")) == {first.pk: LetterStatus.CANCELLED, second.pk: LetterStatus.SENT}
    assert len(mailoutbox) == 1
    assert LogEntry.objects.filter(object_id=str(first.pk)).count() == 2, "who did it is written down"


def test_one_letter_has_its_own_buttons(desk, write):
    letter = write(held=True)
    page = desk.get(f"{LIST}{letter.pk}/change/")
    assert [step["name"] for step in page.context["letter_steps"]] == ["edit", "release", "drop"]
    assert desk.get(f"{LIST}{letter.pk}/step/drop/").status_code == 200
    assert desk.get(f"{LIST}{letter.pk}/step/burn/").status_code == 404
    desk.post(f"{LIST}{letter.pk}/step/drop/")
    assert Letter.objects.get().status == LetterStatus.CANCELLED
    assert desk.get(f"{LIST}{letter.pk}/change/").context["letter_steps"] == []


def test_a_held_letter_is_edited_in_both_of_its_forms(desk, write):
    letter = write(held=True)
    url = f"{LIST}{letter.pk}/edit/"
    form = desk.get(url).context["form"].initial
    desk.post(url, {**form, "subject": "Other news", "text": "Dear Anna,\n\n<b>read</b> this."})
    letter.refresh_from_db()
    assert letter.subject == "Other news"
    assert "&lt;b&gt;read&lt;/b&gt; this." in letter.html


def test_an_edit_does_not_overwrite_a_colleagues(desk, write):
    letter = write(held=True)
    url = f"{LIST}{letter.pk}/edit/"
    form = desk.get(url).context["form"].initial
    desk.post(url, {**form, "subject": "First"})
    page = desk.post(url, {**form, "subject": "Second"})
    assert page.status_code == 200
    assert page.context["form"].non_field_errors()
    assert Letter.objects.get().subject == "First"


@pytest.mark.parametrize("fields", [{"secret": True, "held": True}, {}])
def test_what_may_leave_at_any_moment_or_is_secret_is_not_edited(desk, write, fields):
    letter = write(**fields)
    assert desk.get(f"{LIST}{letter.pk}/edit/").status_code == 302
    desk.post(f"{LIST}{letter.pk}/edit/", {"subject": "x", "text": "x"})
    assert Letter.objects.get().subject == letter.subject


def test_the_list_is_narrowed_by_what_became_of_the_letters(desk, write):
    now = timezone.now()
    letters = {name: write(key=name, held=name == "held") for name in ("held", "queued", "bounced", "delivered", "sent", "failed")}
    letters["later"] = write(key="later", due_at=now + timedelta(days=1))
    for name in ("bounced", "delivered", "sent"):
        moments = {f"{name}_at": now} if name != "sent" else {}
        Letter.objects.filter(pk=letters[name].pk).update(status="sent", sent_at=now, **moments)
    Letter.objects.filter(pk=letters["failed"].pk).update(status="failed", recipient_email="Gone@example.org")
    for name, letter in letters.items():
        listed = desk.get(LIST, {"outcome": name})
        assert list(listed.context["cl"].queryset) == [letter], name
        assert outcome_of(Letter.objects.get(pk=letter.pk), now=timezone.now()) == name
    Suppression.objects.create(address="gone@example.org", reason=SuppressionReason.UNKNOWN_MAILBOX)
    assert list(desk.get(LIST, {"outcome": "suppressed"}).context["cl"].queryset) == [letters["failed"]]


def test_an_address_without_mail_is_lifted_once_that_is_confirmed(desk, write):
    gone = Suppression.objects.create(address="gone@example.org", reason=SuppressionReason.UNKNOWN_MAILBOX)
    url = "/admin/notifications/suppression/"
    asked = desk.post(url, {"action": "lift", "_selected_action": gone.pk})
    assert "gone@example.org" in asked.content.decode()
    assert Suppression.objects.in_force().exists()
    desk.post(url, {"action": "lift", "_selected_action": gone.pk, "confirmed": asked.context["confirmed"]})
    gone.refresh_from_db()
    assert (gone.lifted_at is not None, gone.lifted_by.email) == (True, "root@example.org")


def test_staff_see_what_a_rule_opens_to_them(client, write, monkeypatch):
    monkeypatch.setattr(access, "_rules", [])
    mine, other = write(about="application:1"), write(key="code:2", about="application:2")
    secretary = User.objects.create_user("secretary@example.org", is_staff=True)
    client.force_login(secretary)
    assert client.get("/admin/notifications/letter/").status_code == 403
    access.register_letter_rule(lambda user: Q(about="application:1") if user == secretary else None)
    assert client.get(f"/admin/notifications/letter/{mine.pk}/change/").status_code == 200
    assert client.get(f"/admin/notifications/letter/{other.pk}/change/").status_code == 302
    secretary.is_staff = False
    assert not access.letters_seen_by(secretary).exists()
