"""Uploads are hostile until read: what is kept is made anew, and the files follow the rows."""

import re
import struct
import subprocess
import sys
import zlib
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import pytest
from django.db import transaction
from PIL import Image, PngImagePlugin

from exhibitors.domain import logos
from exhibitors.domain.logos import LogoRefused, LogoTooLarge, LogoUnreadable, read_logo
from exhibitors.models import Company, CompanyChange
from fairs.models import PublicRevision
from tests.exhibitors.pictures import picture
from tests.exhibitors.world import NOW
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import CompanyFactory, ExhibitorFactory

CANARY = b"canary-55.7558-37.6173"


@pytest.fixture
def media(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def names(media: Path) -> list[str]:
    """What lies in MEDIA_ROOT."""
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def kept(content: bytes) -> Image.Image:
    logo = Image.open(BytesIO(read_logo(BytesIO(content)).png))
    logo.load()
    return logo


# --- reading ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "mode"),
    [*((kind, "RGB") for kind in ("PNG", "JPEG", "WEBP")), ("PNG", "P"), ("PNG", "1"), ("PNG", "LA"), ("PNG", "RGBA"), ("JPEG", "CMYK")],
)
def test_every_allowed_kind_becomes_png(kind, mode):
    logo = kept(picture(kind, mode=mode))
    assert (logo.format, logo.mode, logo.size) == ("PNG", "RGBA", (40, 20))


def test_sixteen_bits_of_grey_become_eight():
    content = picture(mode="I;16", color=65535 // 2)
    assert kept(content).getpixel((3, 3)) == (127, 127, 127, 255)


def test_transparency_stays():
    assert kept(picture(mode="RGBA", color=(200, 10, 20, 0))).getpixel((3, 3))[3] == 0
    assert kept(picture(color=(200, 10, 20), transparency=(200, 10, 20))).getpixel((3, 3))[3] == 0


@pytest.mark.parametrize(("size", "becomes"), [((800, 800), (800, 800)), ((1600, 400), (800, 200)), ((300, 2000), (120, 800))])
def test_the_longer_side_has_at_most_800_pixels(size, becomes):
    assert kept(picture(size=size)).size == becomes


def test_a_photo_that_lies_on_its_side_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90° to the right
    assert kept(picture("JPEG", exif=exif)).size == (20, 40)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind):
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    given = {"exif": exif, "icc_profile": CANARY, "xmp": CANARY}
    if kind == "PNG":
        given["pnginfo"] = PngImagePlugin.PngInfo()
        given["pnginfo"].add_text("Comment", CANARY.decode())
    content = picture(kind, **given) + CANARY
    assert CANARY in content

    png = read_logo(BytesIO(content)).png

    assert CANARY not in png
    chunks, at = set(), 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        chunks.add(png[at + 4 : at + 8])
        at += 12 + length
    assert chunks == {b"IHDR", b"IDAT", b"IEND"}


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
DAMAGED = picture("PNG", (200, 200), color=(1, 2, 3))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        SVG,
        b"<html><script>alert(1)</script></html>",
        b"%PDF-1.7\n",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture("ICO"),
        DAMAGED[:-30],
        DAMAGED.replace(b"IDAT", b"IDAT\x00", 1),
        picture("JPEG", (200, 200))[:400],
        picture("WEBP", (200, 200))[:40],
    ],
    ids=["nothing", "head", "svg", "html", "pdf", "eps", "gif", "bmp", "tiff", "ico", "cut", "checksum", "cut-jpeg", "cut-webp"],
)
def test_anything_else_is_refused(content):
    with pytest.raises(LogoUnreadable):
        read_logo(BytesIO(content))


def test_a_file_too_large_is_refused_before_anything_reads_it(monkeypatch):
    monkeypatch.setattr("api.pictures.made_anew", lambda *_given, **_wishes: pytest.fail("parsed"))
    endless = BytesIO(picture() + b"\0" * logos.LARGEST_FILE)
    with pytest.raises(LogoTooLarge, match="2 MB"):
        read_logo(endless)
    assert endless.tell() == logos.LARGEST_FILE + 1


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be so large; its pixels are not there."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(4000, 2001), (4000, 3000), (50_000, 50_000)])
def test_too_many_pixels_are_refused_before_they_are_unpacked(size, monkeypatch):
    monkeypatch.setattr(Image.Image, "thumbnail", lambda *_given: pytest.fail("unpacked"))
    with pytest.raises(LogoTooLarge, match="8 million"):
        read_logo(BytesIO(bomb(*size)))


def test_pillow_stays_out_of_a_process_without_uploads():
    code = "import config.wsgi, config.urls, exhibitors.admin, sys; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[3], check=False).returncode == 0


# --- keeping ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_logo_gets_a_name_of_ours(media):
    upload = BytesIO(picture())
    upload.name = "../../evil.svg"
    company = logos.set_logo(company_id=CompanyFactory().pk, file=upload, by=None)
    assert re.fullmatch(r"logos/[0-9a-f]{32}\.png", company.logo.name)
    assert names(media) == [company.logo.name]
    assert Company.objects.get().logo == company.logo


@pytest.mark.django_db
def test_the_logo_before_goes_on_commit_and_not_earlier(media, django_capture_on_commit_callbacks):
    company = CompanyFactory()
    first = logos.set_logo(company_id=company.pk, file=BytesIO(picture()), by=None).logo.name
    with django_capture_on_commit_callbacks(execute=True):
        second = logos.set_logo(company_id=company.pk, file=BytesIO(picture()), by=None).logo.name
        assert names(media) == sorted([first, second])
    assert names(media) == [second]
    with django_capture_on_commit_callbacks(execute=True):
        assert not logos.remove_logo(company_id=company.pk, by=None).logo
        assert names(media) == [second]
    assert names(media) == []
    assert not Company.objects.get().logo


@pytest.mark.django_db(transaction=True)
def test_undone_work_leaves_the_logo_before(media):
    company = CompanyFactory()
    first = logos.set_logo(company_id=company.pk, file=BytesIO(picture()), by=None).logo.name
    with transaction.atomic():
        logos.remove_logo(company_id=company.pk, by=None)
        transaction.set_rollback(True)
    assert (Company.objects.get().logo.name, names(media)) == (first, [first])


@pytest.mark.django_db
def test_the_history_keeps_both_as_small_pictures(media):
    company, by = CompanyFactory(), UserFactory()
    first = logos.set_logo(company_id=company.pk, file=BytesIO(picture(size=(400, 200))), by=by, now=NOW).logo.name
    second = logos.set_logo(company_id=company.pk, file=BytesIO(picture(size=(20, 20))), by=by, now=NOW).logo.name
    logos.remove_logo(company_id=company.pk, by=by, now=NOW)

    rows = list(CompanyChange.objects.order_by("pk"))
    assert [(row.by, row.at, row.fields) for row in rows] == [(by, NOW, ["logo"])] * 3
    details = [row.details[0] for row in rows]
    file_names = [Path(name).name for name in (first, second)]
    assert [(one["before"], one["after"]) for one in details] == [(None, file_names[0]), tuple(file_names), (file_names[1], None)]
    assert [size_of(one["after_picture"]) for one in details] == [(48, 24), (20, 20), None]
    assert [size_of(one["before_picture"]) for one in details] == [None, (48, 24), (20, 20)]


def size_of(picture):
    return Image.open(BytesIO(b64decode(picture))).size if picture else None


@pytest.mark.django_db
def test_a_logo_whose_file_is_lost_is_replaced_all_the_same(media):
    company = logos.set_logo(company_id=CompanyFactory().pk, file=BytesIO(picture()), by=None)
    (media / company.logo.name).unlink()
    logos.set_logo(company_id=company.pk, file=BytesIO(picture()), by=None)
    assert CompanyChange.objects.latest("pk").details[0]["before_picture"] == ""


@pytest.mark.django_db
def test_a_refused_file_changes_nothing(media):
    company = logos.set_logo(company_id=CompanyFactory().pk, file=BytesIO(picture()), by=None)
    with pytest.raises(LogoRefused):
        logos.set_logo(company_id=company.pk, file=BytesIO(SVG), by=None)
    assert (Company.objects.get().logo.name, names(media)) == (company.logo.name, [company.logo.name])


@pytest.mark.django_db
def test_a_logo_for_no_company_leaves_no_file(media):
    with pytest.raises(Company.DoesNotExist):
        logos.set_logo(company_id=0, file=BytesIO(picture()), by=None)
    assert names(media) == []


@pytest.mark.django_db
def test_a_deleted_company_takes_its_logo_along(media, django_capture_on_commit_callbacks):
    company = logos.set_logo(company_id=CompanyFactory().pk, file=BytesIO(picture()), by=None)
    CompanyFactory()
    with django_capture_on_commit_callbacks(execute=True):
        Company.objects.filter(pk=company.pk).delete()
        assert names(media) == [company.logo.name]
    assert names(media) == []


@pytest.mark.django_db(transaction=True)
def test_a_logo_moves_the_public_revision(media):
    exhibitor = ExhibitorFactory()
    for change in (
        lambda: logos.set_logo(company_id=exhibitor.company_id, file=BytesIO(picture()), by=None),
        lambda: logos.remove_logo(company_id=exhibitor.company_id, by=None),
    ):
        before = PublicRevision.objects.get(fair=exhibitor.fair).number
        stamp = Company.objects.get().updated_at
        change()
        assert PublicRevision.objects.get(fair=exhibitor.fair).number > before
        assert Company.objects.get().updated_at > stamp
