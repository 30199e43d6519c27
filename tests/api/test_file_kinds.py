"""Nothing but the content counts, and what is two things at once, or does something, is refused."""

import time
import tracemalloc
import zlib
from contextlib import suppress

import pytest

from api.file_kinds import FileActive, FileDamaged, FileEncrypted, FileKind, FileUnpacksTooLarge, KindRefused, check, kind_of
from tests.exhibitors.pictures import picture
from tests.uploaded import pdf, presentation, workbook


def test_each_kind_is_known_by_how_it_begins():
    contents = {
        FileKind.PDF: pdf(),
        FileKind.PNG: picture("PNG"),
        FileKind.JPEG: picture("JPEG"),
        FileKind.WEBP: picture("WEBP"),
        FileKind.XLSX: workbook(),
        FileKind.PPTX: presentation({"ppt/embeddings/Microsoft_Excel_Sheet1.xlsx": workbook()}),
    }
    for kind, content in contents.items():
        assert kind_of(content) == kind
        check(content, kind)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b'<?xml version="1.0"?><svg/>',
        b"<!doctype html><script>alert(1)</script>",
        b" %PDF-1.4 behind a blank",
        b"GIF89a/*%PDF-1.4",
        b"<script>/*" + pdf(),
        b"MZ\x90\x00",
        b"\x7fELF",
        b"#!/bin/sh\nid",
        b"%!PS-Adobe-3.0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old Word file",
        b"PK\x05\x06" + b"\0" * 18,
        picture("GIF"),
        picture("TIFF"),
        picture("BMP"),
    ],
)
def test_nothing_else_is_known(content):
    assert kind_of(content) is None


@pytest.mark.parametrize(
    "inside",
    [
        b"/OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /J#61vaScript /JS (app.alert(1)) >>",
        b"/OpenAction << /S /#4aavaScript >>",
        b"/OpenAction << /S /Launch /F (cmd.exe) >>",
        b"/Names << /EmbeddedFiles << >> >>",
        b"/AA << /O << /S /ImportData >> >>",
        b"/RichMedia << >>",
    ],
)
def test_a_pdf_that_does_something_is_refused(inside):
    with pytest.raises(FileActive):
        check(pdf(inside), FileKind.PDF)
    with pytest.raises(FileActive):
        check(pdf(packed=b"5 0 << " + inside + b" >>"), FileKind.PDF)


def test_a_pdf_that_speaks_of_such_things_in_other_names_is_taken():
    check(pdf(b"/Title (How to /launch a fair) /JavaScripting true /Launcher 1"), FileKind.PDF)


def test_an_encrypted_pdf_is_refused():
    with pytest.raises(FileEncrypted):
        check(pdf(b"/Encrypt 9 0 R"), FileKind.PDF)


@pytest.mark.parametrize("content", [b"%PDF-", pdf()[:-40], pdf() + b" " * 4000])
def test_a_pdf_without_its_end_is_damaged(content):
    with pytest.raises(FileDamaged):
        check(content, FileKind.PDF)


def test_a_pdf_that_is_an_archive_too_is_refused():
    with pytest.raises(FileActive):
        check(pdf(end=workbook()), FileKind.PDF)


def test_a_pdf_whose_objects_unpack_without_end_is_refused_with_little_memory():
    content = pdf(packed=b"\0" * 100_000_000)
    assert len(content) < 200_000
    tracemalloc.start()
    with pytest.raises(FileUnpacksTooLarge):
        check(content, FileKind.PDF)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


@pytest.mark.parametrize(
    "filling",
    [b"/ObjStm ", b"/ObjStm stream\n", b"stream\nendstream ", b"/", b"/A#", b"/#41", b"<", b"/ObjStm stream\nendstream "],
)
def test_no_filling_keeps_the_check_busy(filling):
    def seconds(size: int) -> float:
        content = b"%PDF-1.5\n" + filling * (size // len(filling)) + b"%%EOF"
        began = time.process_time()
        with suppress(FileDamaged):
            check(content, FileKind.PDF)
        return time.process_time() - began

    # A check whose time grows with the square of the size would take sixteen times as long.
    assert seconds(4_000_000) < 9 * max(seconds(1_000_000), 0.02)


def test_a_workbook_with_macros_or_with_files_in_it_is_refused():
    for name in ("xl/vbaProject.bin", "XL/VBAPROJECT.BIN", "xl/macrosheets/sheet1.xml", "xl/embeddings/oleObject1.bin", "xl/activeX/a.xml"):
        with pytest.raises(FileActive):
            check(workbook({name: b"x"}), FileKind.XLSX)


def test_another_archive_is_no_workbook():
    jar = workbook().replace(b"xl/workbook.xml", b"xl/w0rkb00k.xml")
    with pytest.raises(KindRefused, match="XLSX"):
        check(jar, FileKind.XLSX)


def test_zip_bombs_are_refused_by_their_directory(monkeypatch):
    dense = workbook({"xl/worksheets/sheet1.xml": b"\0" * 40_000_000})
    large = workbook({f"xl/media/{number}": zlib.compress(bytes(range(256)) * 8, 0) * 4000 for number in range(7)})
    many = workbook({f"xl/media/{number}": b"x" for number in range(201)})
    monkeypatch.setattr("zipfile.ZipFile.open", lambda *_given, **_more: pytest.fail("unpacked"))
    for content in (dense, large, many):
        with pytest.raises(FileUnpacksTooLarge):
            check(content, FileKind.XLSX)


def test_a_workbook_that_claims_a_million_columns_costs_nothing(monkeypatch):
    """1.5 KB that keep a reader busy for a minute: nobody reads them here."""
    monkeypatch.setattr("openpyxl.load_workbook", lambda *_given, **_more: pytest.fail("parsed"))
    sheet = b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"/></row></sheetData></worksheet>'
    content = workbook({"xl/worksheets/sheet1.xml": sheet})
    assert len(content) < 1500
    began = time.monotonic()
    check(content, FileKind.XLSX)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("content", [b"PK\x03\x04", workbook()[:-30], b"PK\x03\x04" + b"\0" * 1000])
def test_a_broken_archive_is_damaged(content):
    with pytest.raises(FileDamaged):
        check(content, FileKind.XLSX)


@pytest.mark.parametrize(
    "members",
    [
        {"ppt/vbaProject.bin": b"x"},
        {"PPT/VBAPROJECT.BIN": b"x"},
        {"ppt/activeX/activeX1.xml": b"x"},
        {"customUI/customUI14.xml": b"x"},
        {"ppt/embeddings/oleObject1.bin": b"x"},
        {"ppt/embeddings/setup.exe": b"MZ"},
        {"ppt/embeddings/Sheet1.xlsx": workbook({"xl/vbaProject.bin": b"x"})},
        {"[Content_Types].xml": b'<Override ContentType="application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml"/>'},
        {"ppt/slides/slide1.xml": b'<a:hlinkClick action="ppaction://program"/>'},
        {"ppt/slides/slide1.xml": '<a:hlinkClick action="ppaction://macro?name=go"/>'.encode("utf-16")},
        {"ppt/slides/_rels/slide1.xml.rels": b'<Relationship Type="http://x/oleObject" Target="\\\\evil\\a" TargetMode="External"/>'},
        {"ppt/slides/slide1.xml": b'<a:hlinkClick action="&#112;&#x70;action://program"/>'},
        {"ppt/slides/slide1.xml": b'<!DOCTYPE a [<!ENTITY b "program">]><a:hlinkClick action="ppaction://&b;"/>'},
        {"ppt/_rels/a.rels": b"<Relationship Type='http://x/image' Target='a>b' TargetMode='External'/>"},
        {"ppt/_rels/a.rels": b"<r:Relationship TargetMode = 'External' Type='http://x/image' Target='https://spy.example/a.png' />"},
    ],
)
def test_a_presentation_that_does_something_is_refused(members):
    content = presentation(members)
    assert kind_of(content) == FileKind.PPTX
    with pytest.raises(FileActive):
        check(content, FileKind.PPTX)


def test_presentations_that_are_none_or_too_large():
    with pytest.raises(KindRefused, match="PPTX"):
        check(workbook({"word/ppt/presentation.xml.txt": b"x"}), FileKind.PPTX)
    with pytest.raises(FileUnpacksTooLarge):
        check(presentation({"ppt/media/a.xml": b"\0" * 40_000_000}), FileKind.PPTX)
    with pytest.raises(FileDamaged):
        check(presentation()[:-30], FileKind.PPTX)
    check(presentation({f"ppt/media/{number}.png": b"x" for number in range(400)}), FileKind.PPTX)  # more than a workbook may have


def test_a_presentation_is_looked_through_in_no_time():
    slides = {f"ppt/slides/slide{number}.xml": b"<Relationship TargetMode=" * 4000 for number in range(300)}
    began = time.process_time()
    check(presentation(slides), FileKind.PPTX)
    assert time.process_time() - began < 5
