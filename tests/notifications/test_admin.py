import pytest
from django.db.models import Q

from accounts.models import User
from notifications import access
from notifications.enums import LetterStatus
from notifications.models import Letter


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
    # session, person, count, rows, two for the years of the calendar, the occasions to filter by, clock
    with django_assert_num_queries(8):
        response = desk.get("/admin/notifications/letter/")
    assert response.content.decode().count("anna@example.org") == count


def test_letters_are_neither_added_nor_changed_nor_deleted(desk, write):
    letter = write()
    base = "/admin/notifications/letter/"
    assert desk.get(f"{base}add/").status_code == 403
    assert desk.post(f"{base}{letter.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.post(f"{base}{letter.pk}/change/", {"subject": "x"}).status_code == 403
    assert Letter.objects.get().subject == letter.subject


def test_send_again(desk, write, django_capture_on_commit_callbacks, mailoutbox):
    failed, secret = write(), write(key="code:2", secret=True)
    Letter.objects.update(status=LetterStatus.FAILED, sealed="")
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("/admin/notifications/letter/", {"action": "send_again", "_selected_action": [failed.pk, secret.pk]})
    failed.refresh_from_db()
    secret.refresh_from_db()
    assert (failed.status, secret.status, len(mailoutbox)) == (LetterStatus.SENT, LetterStatus.FAILED, 1)


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
