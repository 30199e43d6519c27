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


def upload(content: bytes, name: str = "file.pdf", content_type: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=content_type)
