"""A zip that is made while it is sent."""

import io
import tracemalloc
import zipfile
from datetime import UTC, datetime

import pytest

from api.zip_stream import safe_part, zipped

MOMENT = datetime(2030, 1, 15, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("ООО «Берег»", "ООО «Берег»"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\\b:c*d?e\"f<g>h|i", "a_b_c_d_e_f_g_h_i"),
        ("a\u202eb\x00c\nd", "abc d"),
        ("...", "_"),
        ("", "_"),
        ("con", "_con"),
        ("COM1.pdf", "_COM1.pdf"),
        ("x" * 500, "x" * 80),
        ("拉" * 500, "拉" * 66),
    ],
)  # fmt: skip
def test_names_are_safe_on_every_system(text, safe):
    assert safe_part(text) == safe


def test_what_is_sent_is_a_zip_and_no_file_is_held_as_a_whole():
    size, count = 8_000_000, 4

    def entries():
        for number in range(count):
            yield f"Берег/{number}.pdf", MOMENT, lambda: io.BytesIO(b"\0" * size)

    class Sum:
        bytes, crc = 0, b""

    tracemalloc.start()
    try:
        for piece in zipped(entries()):
            Sum.bytes += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert Sum.bytes > size * count
    assert peak < 2 * size  # the one that is open; four would be 32 MB


def test_it_reads_back():
    content = b"".join(zipped([("Берег/a.pdf", MOMENT, lambda: io.BytesIO(b"one")), ("b.txt", MOMENT, lambda: io.BytesIO(b""))]))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {"Берег/a.pdf": b"one", "b.txt": b""}
