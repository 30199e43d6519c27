"""A link to a file serves one person for ten minutes, and nothing in it is ever run by a browser."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.core.signing import TimestampSigner
from django.utils import timezone
from rest_framework.test import APIClient

from api.file_kinds import FileKind
from api.file_links import file_path, file_url
from api.files import keep
from tests.exhibitors.pictures import picture
from tests.factories.accounts import UserFactory
from tests.uploaded import pdf, upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ROOT_URLCONF = "config.urls"


@pytest.fixture
def person():
    return UserFactory()


def stored(content=None, name="Договор 合同.pdf"):
    return keep(upload(content or pdf(), name), kinds=list(FileKind), by=None, now=timezone.now())


def opens(client: APIClient, path: str) -> bool:
    answer = client.get(path)
    if answer.streaming:
        b"".join(answer.streaming_content)  # to its end, which closes the file
    return answer.status_code == 200


def client_of(user=None) -> APIClient:
    client = APIClient(raise_request_exception=False)
    if user is not None:
        client.force_authenticate(user)
    return client


def test_the_file_comes_as_an_attachment_that_runs_nothing(person):
    answer = client_of(person).get(file_path(stored(), user=person))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == pdf()
    headers = answer.headers
    assert headers["Content-Disposition"] == f"attachment; filename*=utf-8''{quote('Договор 合同.pdf')}"
    assert headers["Content-Type"] == "application/pdf"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert headers["Cache-Control"] == "private, no-store"


def test_pictures_are_saved_too(person):
    answer = client_of(person).get(file_path(stored(picture(), "a.png"), user=person))
    b"".join(answer.streaming_content)
    assert answer["Content-Disposition"] == 'attachment; filename="a.png"'
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")


def test_nobody_else_opens_it(person):
    path = file_path(stored(), user=person)
    answers = [client_of(UserFactory()).get(path), client_of(UserFactory(is_superuser=True)).get(path)]
    unknown = client_of(person).get("/api/v1/files/no-such-token/")
    assert [answer.status_code for answer in (*answers, unknown)] == [404] * 3
    assert {answer.content for answer in answers} == {unknown.content}
    assert client_of().get(path).status_code == 401
    assert opens(client_of(person), path)


def test_it_ends_after_ten_minutes(person, clock):
    path = file_path(stored(), user=person)
    clock.shift(timedelta(minutes=10))
    assert opens(client_of(person), path)
    clock.shift(timedelta(seconds=1))
    assert not opens(client_of(person), path)


def test_a_forged_link_opens_nothing(person):
    file = stored()
    token = file_path(file, user=person).rsplit("/", 2)[1]
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token.replace(f"{file.pk}-", f"{file.pk + 1}-", 1),
        token.replace("~", "-i~", 1),
        TimestampSigner(salt="other", sep="~").sign(f"{file.pk}-{person.pk}"),
        f"{file.pk}-{person.pk}",
        "~~",
        "%00",
        "x" * 5000,
        "ы",
    ]
    for each in forged:
        assert client_of(person).get(f"/api/v1/files/{each}/").status_code in (400, 404), each


def test_a_file_that_is_gone_is_not_found(person):
    file = stored()
    path = file_path(file, user=person)
    file.delete()
    assert client_of(person).get(path).status_code == 404


def test_the_url_names_the_site(person, settings):
    assert file_url(stored(), user=person).startswith(f"{settings.SITE_URL}/api/v1/files/")


def test_no_name_adds_a_header(person):
    file = stored(name='a"; filename="evil.html\r\nX-Evil: 1.pdf')
    answer = client_of(person).get(file_path(file, user=person))
    b"".join(answer.streaming_content)
    assert "X-Evil" not in answer.headers
    assert "\r" not in answer["Content-Disposition"]
    assert 'filename="evil' not in answer["Content-Disposition"]
