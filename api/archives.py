"""Zip archives that nobody has vetted: the directory is read, not one member is unpacked."""

import io
import zipfile

UNPACKED_AT_MOST = 50_000_000  # bytes, all members together
RATIO_AT_MOST = 100  # unpacked to packed
MEMBERS_AT_MOST = 200
_SMALL_MEMBER = 100_000  # bytes: below this a high ratio harms nobody (an empty style sheet packs well)


class ArchiveBroken(ValueError):
    """This is no zip archive, or a damaged one."""


class ArchiveTooLarge(ValueError):
    """It would unpack to too much."""


def members(content: bytes, *, at_most: int = MEMBERS_AT_MOST) -> list[zipfile.ZipInfo]:
    """What the archive's directory lists, within the limits; ``at_most`` so many members. Raises ArchiveBroken, ArchiveTooLarge."""
    try:
        found = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except Exception as error:  # a broken directory raises whatever it was broken into
        raise ArchiveBroken from error
    unpacked = sum(member.file_size for member in found)
    is_dense = any(member.file_size > _SMALL_MEMBER and member.file_size > RATIO_AT_MOST * max(member.compress_size, 1) for member in found)
    if len(found) > at_most or unpacked > UNPACKED_AT_MOST or is_dense:
        raise ArchiveTooLarge
    return found
