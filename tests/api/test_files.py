"""What is kept, under which name, and that files and rows live and die together."""

import hashlib
import os
import re
import struct
import time
import zlib
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from PIL import Image

from api import files
from api.file_kinds import FileDamaged, FileKind, FileRefused, KindRefused
from api.files import FileEmpty, FileTooLarge, keep, sweep
from api.models import StoredFile
from tests.exhibitors.pictures import picture
from tests.uploaded import pdf, upload, workbook

ALL = list(FileKind)
NOW = timezone.now()
CANARY = b"canary-55.7558-37.6173"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def names(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def kept(content: bytes, name: str = "file.pdf", **given) -> StoredFile:
    return keep(upload(content, name), **{"kinds": ALL, "by": None, "now": NOW, **given})


def test_a_file_is_kept_under_a_name_of_ours(media):
    file = kept(pdf(), "../../Договор № 5.pdf")
    assert re.fullmatch(r"files/[0-9a-f]{2}/[0-9a-f]{32}\.pdf", file.name)
    assert names(media) == [file.name]
    assert (media / file.name).read_bytes() == pdf()
    assert (file.original_name, file.kind, file.size) == ("Договор № 5.pdf", "pdf", len(pdf()))
    assert file.sha256 == hashlib.sha256(pdf()).hexdigest()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_drawn_anew_without_place_and_camera(media, kind):
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    exif.get_ifd(0x8825)[2] = (55.0, 45.0, 21.0)
    html = b"<script>alert(1)</script>"
    content = picture(kind, exif=exif, icc_profile=CANARY, xmp=CANARY) + CANARY + html
    stored = (media / kept(content, "stand.html").name).read_bytes()
    assert CANARY not in stored
    assert html not in stored
    with Image.open(BytesIO(stored)) as again:
        assert (again.format, again.size, dict(again.getexif())) == (kind, (40, 20), {})


def test_html_that_calls_itself_a_picture_is_refused(media):
    for content, name in [(b"<html><script>", "photo.jpg"), (b"<svg/>", "logo.png"), (b"MZ", "contract.pdf"), (b"text", "list.xlsx")]:
        with pytest.raises(KindRefused, match="PDF, PNG, JPEG, WebP, XLSX"):
            kept(content, name)
    with pytest.raises(FileDamaged):
        kept(b"\xff\xd8\xff<html><script>alert(1)</script>", "photo.jpg")
    assert names(media) == []


def test_the_ending_follows_the_content():
    assert kept(pdf(), "scan.jpg").original_name == "scan.jpg.pdf"
    assert kept(picture("JPEG"), "scan.JPEG").original_name == "scan.JPEG"
    assert kept(workbook(), "list.exe").original_name == "list.exe.xlsx"


def test_a_kind_that_is_not_asked_for_is_refused(media):
    with pytest.raises(KindRefused, match=r"send PDF\.") as refusal:
        kept(picture(), kinds=["pdf"], pointer="/answers/0/file")
    assert refusal.value.facts["errors"] == [
        {"pointer": "/answers/0/file", "code": "file_kind_refused", "detail": "This kind of file is not taken here: send PDF."}
    ]
    assert names(media) == []


def test_a_file_too_large_is_refused_before_anything_reads_it(monkeypatch, media):
    for parser in ("kind_of", "check"):
        monkeypatch.setattr(f"api.file_kinds.{parser}", lambda *_given: pytest.fail("parsed"))
    endless = upload(pdf() + b"\0" * (files.LARGEST_FILE + 10))
    with pytest.raises(FileTooLarge, match="20 MB"):
        keep(endless, kinds=ALL, by=None, now=NOW)
    assert endless.tell() == files.LARGEST_FILE + 1
    with pytest.raises(FileEmpty):
        kept(b"")
    assert names(media) == []


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(6000, 5001), (20_000, 20_000), (65_000, 65_000)])
def test_a_huge_picture_is_refused_before_a_pixel_is_unpacked(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "convert", lambda *_given: pytest.fail("unpacked"))
    began = time.monotonic()
    with pytest.raises(FileTooLarge, match="30 million"):
        kept(bomb(*size), "huge.png")
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("договор.pdf", "договор.pdf"),
        ("参展合同.pdf", "参展合同.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("a\u202efdp.exe", "afdp.exe.pdf"),
        ("a\u200bb\x00c\nd.pdf", "abc d.pdf"),
        ('C:\\secret\\<b>"x".pdf', "C__secret__b__x_.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("...", "file.pdf"),
        ("", "file.pdf"),
        (".pdf", "pdf.pdf"),
        ("ы" * 100_000 + ".pdf", "ы" * 146 + ".pdf"),
        ("a" * 300 + ".exe", "a" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(given, cleaned):
    class Named(BytesIO):  # a name that no form has shortened
        name = given

    file = keep(Named(pdf()), kinds=ALL, by=None, now=NOW)
    if "/" not in given:
        assert file.original_name == cleaned
    file.refresh_from_db()
    assert len(file.original_name) <= files.LONGEST_NAME
    assert "/" not in file.original_name


def test_the_table_refuses_an_unknown_kind_and_an_empty_file():
    file = kept(pdf())
    for change in ("kind = 'svg'", "size = 0"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE api_storedfile SET {change} WHERE id = %s", [file.pk])  # noqa: S608


def test_a_row_that_cannot_be_written_leaves_no_file(media, monkeypatch):
    monkeypatch.setattr(StoredFile.objects, "create", lambda **_values: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        kept(pdf())
    assert names(media) == []


def test_a_deleted_row_takes_its_file_along_on_commit(media, django_capture_on_commit_callbacks):
    file, other = kept(pdf()), kept(pdf())
    with django_capture_on_commit_callbacks(execute=True):
        file.delete()
        assert len(names(media)) == 2
    assert names(media) == [other.name]


# --- sweeping -----------------------------------------------------------------------------------------------------


def aged(media: Path, name: str) -> None:
    then = time.time() - 25 * 3600
    os.utime(media / name, (then, then))


@pytest.mark.django_db(transaction=True)
def test_a_file_whose_row_was_undone_is_swept_after_a_day(media):
    with transaction.atomic():
        name = kept(pdf()).name
        transaction.set_rollback(True)
    assert names(media) == [name]
    assert sweep(now=timezone.now()) == 0
    aged(media, name)
    assert sweep(now=timezone.now()) == 1
    assert names(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_row_that_nothing_refers_to_is_swept_after_a_day(media):
    file = kept(pdf())
    assert sweep(now=timezone.now()) == 0
    assert sweep(now=timezone.now() + timedelta(hours=25)) == 1
    assert not StoredFile.objects.exists()
    assert names(media) == []
    assert not StoredFile.objects.filter(pk=file.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_logos_without_a_company_are_swept_too(media):
    from exhibitors.domain import logos
    from tests.factories.exhibitors import CompanyFactory

    company = logos.set_logo(company_id=CompanyFactory().pk, file=BytesIO(picture()), by=None)
    left = media / "logos" / f"{'0' * 32}.png"
    left.write_bytes(b"x")
    for name in (company.logo.name, f"logos/{left.name}"):
        aged(media, name)
    assert sweep(now=timezone.now()) == 1
    assert names(media) == [company.logo.name]


def test_nothing_to_sweep_where_nothing_was_ever_kept():
    assert sweep(now=timezone.now()) == 0


def test_every_refusal_says_what_to_do():
    for refused in FileRefused.__subclasses__():
        assert refused.code != FileRefused.code
