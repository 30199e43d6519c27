"""Requests with a file, whole and broken: what is too much is refused before it is read."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from api import uploads
from tests.uploaded import pdf

pytestmark = pytest.mark.django_db  # throttles count there
URL = "/api/v1/uploads/"


def body(*parts: tuple[bytes, bytes], end: bytes = b"--edge--\r\n") -> bytes:
    """``parts`` are the headers of each part and its content."""
    return b"".join(b"--edge\r\n" + headers + b"\r\n\r\n" + content + b"\r\n" for headers, content in parts) + end


def of_file(name: bytes = b"a.pdf", field: bytes = b"file") -> bytes:
    return b'Content-Disposition: form-data; name="' + field + b'"; filename="' + name + b'"\r\nContent-Type: application/pdf'


@pytest.fixture
def send(client):
    def post(content: bytes, content_type: str = "multipart/form-data; boundary=edge", **extra):
        return client.generic("POST", URL, content, content_type=content_type, **extra)

    return post


def codes(response) -> list[str]:
    return [error["code"] for error in response.json().get("errors", [])]


def test_one_file_with_its_fields(client):
    answer = client.post(URL, {"file": SimpleUploadedFile("a.pdf", pdf()), "note": "first"}, format="multipart")
    assert (answer.status_code, answer.json()) == (200, {"name": "a.pdf", "size": len(pdf()), "note": "first"})


def test_a_request_that_is_too_large_is_refused_before_a_byte_is_read(client, monkeypatch):
    class Untouched(io.BytesIO):
        def read(self, *_size):
            pytest.fail("read")

    extra = {"wsgi.input": Untouched(), "CONTENT_LENGTH": str(uploads.LARGEST_REQUEST + 1)}
    answer = client.generic("POST", URL, b"", content_type="multipart/form-data; boundary=edge", **extra)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/request-too-large")
    assert "20 MB" in answer.json()["detail"]
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/file", "too_large")]


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/exhibitors/company/import/", "/i18n/setlang/"])
def test_a_form_of_the_desk_that_is_too_large_is_refused_before_a_byte_is_read(settings, admin_client, path):
    settings.ROOT_URLCONF = "config.urls"

    class Untouched(io.BytesIO):
        def read(self, *_size):
            pytest.fail("read")

    kind = {"CONTENT_TYPE": "multipart/form-data; boundary=edge", "CONTENT_LENGTH": str(uploads.LARGEST_REQUEST + 1)}
    answer = admin_client.generic("POST", path, b"", **kind, **{"wsgi.input": Untouched()})
    assert answer.status_code == 413
    assert "larger than 20 MB" in answer.content.decode()


def test_more_than_announced_is_never_read(send):
    content = body((of_file(), b"x" * 1000))
    answer = send(content, CONTENT_LENGTH=str(len(content) - 500))
    assert (answer.status_code, codes(answer)) == (400, ["cut_off"])


def test_what_arrives_is_counted(monkeypatch, send):
    monkeypatch.setattr(uploads, "LARGEST_REQUEST", 100_000)
    monkeypatch.setattr(uploads, "_announced_length", lambda _meta: 1)
    monkeypatch.setattr(uploads.SizeLimitHandler, "handle_raw_input", lambda *_given, **_more: None)
    assert send(body((of_file(), b"x" * 200_000))).status_code == 413


def test_a_file_that_is_too_large_is_refused(monkeypatch, send):
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    answer = send(body((of_file(), b"x" * 1001)))
    assert (answer.status_code, answer.json()["errors"][0]["pointer"], codes(answer)) == (400, "/file", ["too_large"])


@pytest.mark.parametrize("length", [None, "", "many", "-1", "1" * 30, "１"])
def test_chunks_without_a_length_are_refused(client, length):
    extra = {"wsgi.input": io.BytesIO(body((of_file(), pdf()))), "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_LENGTH": length}
    answer = client.generic("POST", URL, b"", content_type="multipart/form-data; boundary=edge", **extra)
    assert (answer.status_code, codes(answer)) in ((400, ["length_missing"]), (400, ["required"]), (400, ["required", "required"]))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (body((of_file(), pdf()), (of_file(b"b.pdf"), pdf())), ["one_file"]),
        (body((of_file(), pdf()), (of_file(b"b.pdf", b"other"), pdf())), ["unknown_field"]),
        (body((of_file(), pdf()), end=b""), ["cut_off"]),
        (body((of_file(), pdf()), end=b"--edg"), ["cut_off"]),
        (body((of_file(), pdf()))[:200], ["cut_off"]),
        (body((of_file(), b"")), ["empty"]),
        (body((b'Content-Disposition: form-data; name="file"', b"no file")), ["invalid"]),
        (body((b'Content-Disposition: form-data; name="note"', b"only a note")), ["required"]),
        (body(), ["required"]),
    ],
)
def test_broken_and_double_requests(send, content, expected):
    answer = send(content)
    assert (answer.status_code, codes(answer)) == (400, expected)


@pytest.mark.parametrize(
    "content_type",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
        "multipart/form-data; boundary=\u044f",
        "multipart/form-data; boundary=other",
    ],
)
def test_a_missing_or_wrong_boundary(send, content_type):
    assert send(body((of_file(), pdf())), content_type).status_code in (400, 415)


@pytest.mark.parametrize(
    "name", [b"a\x00.pdf", "a\u202efdp.exe".encode(), b"\xff\xfe.pdf", b"../../a.pdf", b"n" * 900, b"%00.pdf", b"&lt;b&gt;.pdf"]
)
def test_strange_names_do_no_harm(send, name):
    answer = send(body((of_file(name), pdf())))
    assert answer.status_code in (200, 400)


def test_a_name_of_100_000_characters(send):
    assert send(body((of_file(b"n" * 100_000), pdf()))).status_code == 400


def test_many_fields_and_long_fields(send):
    field = b'Content-Disposition: form-data; name="%d"'
    assert send(body(*((field % number, b"x") for number in range(1001)), (of_file(), pdf()))).status_code == 413
    assert send(body((b'Content-Disposition: form-data; name="note"', b"x" * 3_000_000), (of_file(), pdf()))).status_code == 413
    assert send(body((b'Content-Disposition: form-data; name="note"', b"a\0b"), (of_file(), pdf()))).status_code == 400
    assert send(body((b'Content-Disposition: form-data; name="note"', b"\xff"), (of_file(), pdf()))).status_code in (200, 400)


@pytest.mark.parametrize("charset", ["utf-7", "utf-16", "base64", "rot13", "idna", "unknown"])
def test_the_charset_of_the_client_is_not_followed(send, charset):
    content = body((b'Content-Disposition: form-data; name="note"', "ярмарка".encode()), (of_file(), pdf()))
    answer = send(content, f"multipart/form-data; boundary=edge; charset={charset}")
    assert (answer.status_code, answer.json()["note"]) == (200, "ярмарка")


def test_other_kinds_of_body_are_not_understood(client, send):
    assert send(b"{}", "application/json").status_code == 415
    assert send(b"file=1", "application/x-www-form-urlencoded").status_code == 415
    assert client.post("/api/v1/echo/", {"title": "x", "file": SimpleUploadedFile("a", b"x")}, format="multipart").status_code == 415


def test_the_limit_holds_where_django_reads_the_form(settings):
    assert settings.FILE_UPLOAD_HANDLERS[0] == "api.uploads.SizeLimitHandler"
