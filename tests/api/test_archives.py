"""Each limit on an archive by itself, looked up in its directory."""

import io
import zipfile

import pytest

from api import archives


def packed(members: int, size: int, *, method: int = zipfile.ZIP_STORED) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        for number in range(members):
            archive.writestr(f"{number}.xml", b"x" * size)
    return content.getvalue()


def test_together_the_members_have_a_limit(monkeypatch):
    monkeypatch.setattr(archives, "UNPACKED_AT_MOST", 10_000)
    assert len(archives.members(packed(10, 1_000))) == 10
    with pytest.raises(archives.ArchiveTooLarge):
        archives.members(packed(10, 1_001))


def test_their_number_has_a_limit():
    assert len(archives.members(packed(200, 1))) == 200
    with pytest.raises(archives.ArchiveTooLarge):
        archives.members(packed(201, 1))


def test_what_they_were_packed_to_has_a_limit():
    assert archives.members(packed(1, 100_000, method=zipfile.ZIP_DEFLATED))  # small: it harms nobody
    with pytest.raises(archives.ArchiveTooLarge):
        archives.members(packed(1, 100_001, method=zipfile.ZIP_DEFLATED))


def test_a_member_that_unpacks_to_more_than_it_says_is_broken():
    """The directory is what the limits go by, so no reader may go beyond it."""
    content = packed(1, 1_000, method=zipfile.ZIP_DEFLATED)
    lying = content.replace((1_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (member,) = archives.members(lying)
    assert member.file_size == 10
    with zipfile.ZipFile(io.BytesIO(lying)) as archive, pytest.raises(zipfile.BadZipFile):
        archive.read("0.xml")
