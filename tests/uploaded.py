"""Files as people hand them in, and as nobody should: made on the spot."""

import io
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile


def pdf(inside: bytes = b"", *, packed: bytes = b"", end: bytes = b"") -> bytes:
    """A PDF of one empty page; ``inside`` is written into its catalogue, ``packed`` into an object stream."""
    objects = [
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + inside + b" >>\nendobj\n",
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n",
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>\nendobj\n",
    ]
    if packed:
        squeezed = zlib.compress(packed)
        head = b"4 0 obj\n<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n" % len(squeezed)
        objects.append(head + squeezed + b"\nendstream\nendobj\n")
    content = b"%PDF-1.5\n"
    places = []
    for each in objects:
        places.append(len(content))
        content += each
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (count, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n" % count + table + trailer + end


def workbook(members: dict[str, bytes] | None = None) -> bytes:
    """A zip that passes for an .xlsx, with more ``members``."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>", **(members or {})}.items():
            archive.writestr(name, data)
    return content.getvalue()


def presentation(members: dict[str, bytes] | None = None) -> bytes:
    """A zip that passes for a .pptx of one slide, with more ``members``, or others in place of those."""
    plain = {
        "[Content_Types].xml": b"<Types/>",
        "ppt/presentation.xml": b"<p:presentation/>",
        "ppt/slides/slide1.xml": b"<p:sld/>",
        "ppt/slides/_rels/slide1.xml.rels": b'<Relationships><Relationship Id="r1" Type="http://x/hyperlink" Target="https://a.example/" '
        b'TargetMode="External"/></Relationships>',
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**plain, **(members or {})}.items():
            archive.writestr(name, data)
    return content.getvalue()


def upload(content: bytes, name: str = "file.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)


_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    + "".join(
        f'<Override PartName="/xl/{name}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for name, kind in {"workbook": "sheet.main", "worksheets/sheet1": "worksheet", "sharedStrings": "sharedStrings"}.items()
    )
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_SPREADSHEET}" xmlns:r="{_DOCUMENT}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_DOCUMENT}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
}


def sheet(rows: str, *, shared: str = "", before: str = "") -> bytes:
    """A workbook written by hand: its ``rows``, what comes ``before`` them, and ``shared`` strings, as XML."""
    members = {
        **_PARTS,
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_SPREADSHEET}">{before}<sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{_SPREADSHEET}">{shared}</sst>',
    }
    return workbook({name: text.encode() for name, text in members.items()})


def hungry_sheet(strings: int = 200_000) -> bytes:
    """One cell, and so many texts that no cell shows."""
    shared = "".join(f"<si><t>{number * 7919 % 1_000_003:x}</t></si>" for number in range(strings))
    return sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>', shared=shared)


def slow_sheet(rows: int = 60_000) -> bytes:
    """Rows of one number each."""
    return sheet("".join(f'<row r="{row}"><c r="A{row}"><v>{row * 7919 % 1_000_003}</v></c></row>' for row in range(1, rows + 1)))
