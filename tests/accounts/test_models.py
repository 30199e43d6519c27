import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User


def test_one_mailbox_is_one_person(db):
    user = User.objects.create_user("  Anna@Example.ORG ")
    assert user.email == "anna@example.org"
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("ANNA@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.bulk_create([User(email="ANNA@example.org")])  # past save()


def test_a_user_without_password_cannot_sign_in(db):
    assert not User.objects.create_user("anna@example.org").has_usable_password()


def test_sign_in_at_the_desk_takes_any_case(client, db):
    User.objects.create_superuser("root@example.org", "long enough 1")
    client.post("/admin/login/?next=/admin/", {"username": "Root@Example.org", "password": "long enough 1"})
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("zone", ["Mars/Base", "", "../etc/passwd", "europe/moscow"])
def test_only_known_time_zones(db, zone):
    user = User(email="anna@example.org", password="x", time_zone=zone)
    with pytest.raises(ValidationError) as refusal:
        user.full_clean()
    assert list(refusal.value.message_dict) == ["time_zone"]


def test_people_are_named_for_readers():
    assert str(User(email="anna@example.org", name="Анна")) == "Анна <anna@example.org>"
    assert str(User(email="anna@example.org")) == "anna@example.org"
