"""The header row of a table: where it stands, what its cells mean, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from django.utils.translation import gettext as _

from api.text import listed, quoted
from fairs.sheet_reader import TITLE_ROWS_AT_MOST, normal_header

Spellings = Mapping[str, Sequence[str]]  # each known header with its other spellings
Problem = tuple[str, str]  # the column as the file has it, "" for all of them; and a sentence

_NAMED_AT_MOST = 5  # unknown headers in one sentence
_LISTED_AT_MOST = 15  # known headers in one sentence
_LONGEST = 60  # characters of a header that are repeated
_ALIKE = 0.8


def known_headers(columns: Spellings) -> dict[str, str]:
    """The header that each (normal) spelling means."""
    return {normal_header(spelling): header for header, others in columns.items() for spelling in (header, *others)}


def needed_spellings(columns: Spellings, required: Sequence[str]) -> list[list[str]]:
    """Of each required header all (normal) spellings."""
    return [[normal_header(spelling) for spelling in (header, *columns.get(header, ()))] for header in required]


def header_index(rows: Sequence[Sequence[str]], known: Mapping[str, str]) -> int:
    """Where the header row stands: the one of the first rows with the most known headers; the first when none has any."""
    scores = [sum(normal_header(cell) in known for cell in set(cells)) for cells in rows[:TITLE_ROWS_AT_MOST]]
    return scores.index(max(scores))


def header_problems(written: Sequence[str], known: Mapping[str, str], required: Sequence[str]) -> tuple[list[Problem], bool]:
    """Headers that are empty, doubled, unknown (where some are ``known``) or missing; and whether the rows can be read all the same:
    they can beside a column that is only unknown.
    """
    headers = [known.get(normal_header(text), text) for text in written]
    known_ones = set(known.values())
    unknown = [text for text in written if is_unknown(text, known)]
    are_few_needed = not required or 2 * sum(header in headers for header in required) < len(required)
    if unknown and are_few_needed and 2 * sum(header in known_ones for header in headers) < len(headers):
        return [("", _foreign(unknown, required or list(dict.fromkeys(known.values()))))], False  # a line for each would bury that
    free = [header for header in dict.fromkeys(known.values()) if header not in headers]
    missing = [(header, _("This column is missing.")) for header in required if header not in headers]
    unclear = list(_empty_and_doubled(written, headers))
    return [*unclear, *_unknown(unknown, known, free), *missing], not (unclear or missing)


def is_unknown(text: str, known: Mapping[str, str]) -> bool:
    return bool(known and text) and normal_header(text) not in known


def _foreign(unknown: Sequence[str], needed: Sequence[str]) -> str:
    """A table of another kind."""
    more = "…" if len(unknown) > _NAMED_AT_MOST else ""
    names = {"unknown": listed([quoted(map(_short, unknown[:_NAMED_AT_MOST])), more]), "needed": listed(needed)}
    return _("These are not the columns of this table: %(unknown)s. Needed are: %(needed)s.") % names


def _empty_and_doubled(written: Sequence[str], headers: Sequence[str]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for place, (text, header) in enumerate(zip(written, headers, strict=True), start=1):
        if not text:
            yield str(place), _("This column has no header.")
        elif header not in seen:
            seen[header] = text
        elif normal_header(seen[header]) == normal_header(text):
            yield _short(text), _("This column is there twice.")
        else:
            yield _short(text), _("This column is there twice: “%(name)s” means the same.") % {"name": _short(seen[header])}


def _unknown(unknown: Sequence[str], known: Mapping[str, str], free: Sequence[str]) -> Iterator[Problem]:
    """Each with what it may have been meant for: what is nearly written so, else once those that are not there yet, if they are few."""
    spellings = [spelling for spelling, header in known.items() if header in free]
    names = listed(free) if 0 < len(free) <= _LISTED_AT_MOST else ""
    for text in dict.fromkeys(unknown):
        if near := get_close_matches(normal_header(_short(text)), spellings, n=1, cutoff=_ALIKE):
            header = known[near[0]]
            name = header if normal_header(header) == near[0] else near[0]
            yield _short(text), _("This column is not known. Is “%(name)s” meant?") % {"name": name}
        elif names:
            yield _short(text), _("This column is not known. Known are also: %(names)s.") % {"names": names}
            names = ""
        else:
            yield _short(text), _("This column is not known: rename it, or take it out.")


def _short(text: str) -> str:
    return " ".join(text.replace("\x00", " ")[:_LONGEST].split())
