"""Bytes to text and worksheets to rows, for files that nobody has vetted: limits are checked before anything is unpacked."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from api import archives
from fairs.sheet_process import SheetUnread, sheet_rows
from fairs.sheet_reader import normal_header

COLUMNS_AT_MOST = 200
_SAMPLE = 50_000  # bytes that show the encoding
_NO_TABLE = gettext_lazy("This is not a table: choose a .csv or .xlsx file, as a spreadsheet program saves it.")


def _commonest_chinese() -> str:
    """The 3,755 characters of the first level of GB 2312, with its punctuation and full-width letters."""
    leads = [*range(0xA1, 0xAA), *range(0xB0, 0xD8)]
    return "".join(bytes([lead, trail]).decode("gb2312", errors="ignore") for lead in leads for trail in range(0xA1, 0xFF))


# Russian letters that touch no Latin one: Müller of Windows-1252 would read as Mьller.
_RUSSIAN = re.compile(r"(?<![A-Za-z])[А-Яа-яЁё№«»–—\xa0](?![A-Za-z])")
_RUSSIAN_WORD = re.compile(r"[А-Яа-яЁё]+")
# As people write them: "рассвет", "Рассвет", "ООО". KOI8-R that is read as Windows-1251 has "пЮЯЯБЕР".
_PLAIN_RUSSIAN_WORD = {
    "cp1251": re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]+"),
    # Nearly any bytes are capitals of these: only short words may be all capitals.
    "koi8_r": re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]{1,4}"),
    "cp866": re.compile(r"[А-ЯЁ]?[а-яё]+|[А-ЯЁ]{1,4}"),
}
_EVERYDAY = {
    **dict.fromkeys(_PLAIN_RUSSIAN_WORD, _RUSSIAN),  # the commonest first: it counts where two are as likely
    "cp1252": re.compile("[äöüßÄÖÜéèêëàâçîïôûùæœñáíóúåøÉÈÀÇÑ€–—’“”«»°²³\xa0]"),
    "gb18030": re.compile(f"[{re.escape(_commonest_chinese())}]"),
}
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class TableFileError(ValueError):
    """The file cannot be read at all; the text says why and what to do."""


# How no table begins, unless its columns say otherwise: PDF, web page or XML, RTF, JSON.
_FOREIGN_BEGINNINGS = ("%PDF", "<", "{", "[")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f]")
_SEPARATORS = re.compile(r'[;,\t\r\n"]+')


class UnreadableTextError(TableFileError):
    """The bytes are no text of any encoding that we know, or broken UTF-8."""


def decode(content: bytes) -> tuple[str, str]:
    """The text of a CSV file, and the encoding that was assumed.

    UTF-8 (with or without BOM), UTF-16, Windows-1251, KOI8-R, DOS (866), Windows-1252 or GB 18030. Raises UnreadableTextError.
    """
    encoding = next((name for bom, name in _BOMS.items() if content.startswith(bom)), None) or _utf_16_without_bom(content)
    for candidate in [encoding] if encoding else ["utf-8", *_legacy_encodings(content)]:
        try:
            text = content.decode(candidate)
        except UnicodeDecodeError:
            continue
        return text, candidate
    raise UnreadableTextError(_("The encoding of this file cannot be recognised: save it as “CSV UTF-8” or as .xlsx."))


def table_text(content: bytes, *, name: str, headers: list[list[str]]) -> tuple[str, str]:
    """As :func:`decode`, but only what may be a table.

    Refused is what is no text, or no worksheet in spite of its ``name``, and has none of the ``headers``, each given with all its
    (normal) spellings. Raises TableFileError.
    """
    try:
        text, encoding = decode(content)
    except UnreadableTextError:
        _check_is_table(content.decode("utf-8", errors="replace"), name, headers)
        raise
    _check_is_table(text, name, headers)
    return text, encoding


def _check_is_table(text: str, name: str, headers: list[list[str]]) -> None:
    sample = text[:_SAMPLE].lstrip("\ufeff \t\r\n")
    is_named_otherwise = name.lower().endswith((".xlsx", ".xlsm"))
    if not headers or not (is_named_otherwise or sample.startswith(_FOREIGN_BEGINNINGS) or _CONTROLS.search(sample)):
        return
    cells = {normal_header(cell) for cell in _SEPARATORS.split(sample)}
    if not any(cells.intersection(spellings) for spellings in headers):
        raise TableFileError(_NO_TABLE)


def _utf_16_without_bom(content: bytes) -> str | None:
    """The byte order in which line ends are line ends. A NUL that strayed into other text makes none of its pairs one."""
    sample = content[:_SAMPLE]
    if b"\x00" not in sample:
        return None
    read = {encoding: sample.decode(encoding, errors="ignore") for encoding in ("utf-16-le", "utf-16-be")}
    return next((encoding for encoding, text in read.items() if "\n" in text or "\r" in text), None)


def _is_broken_utf_8(content: bytes) -> bool:
    """Text of another encoding hardly ever holds a valid sequence of UTF-8; text of UTF-8 with a wrong byte holds little else."""
    text = content.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    return sum(letter > "\x7f" for letter in text) - wrong > 5 * wrong


def _legacy_encodings(content: bytes) -> list[str]:
    """Of the encodings that old programs write, those whose text looks like words, the likeliest first."""
    if _is_broken_utf_8(content):
        return []
    sample = content[:_SAMPLE]
    scores = {}
    for encoding in _EVERYDAY:
        try:
            # A cut sample may end within a letter; a whole file may not.
            text = sample.decode(encoding, errors="ignore" if len(content) > _SAMPLE else "strict")
        except UnicodeDecodeError:
            continue
        scores[encoding] = _likeness(text, encoding)
    return sorted((encoding for encoding, score in scores.items() if score >= 0.6), key=lambda encoding: -scores[encoding])


def _likeness(text: str, encoding: str) -> float:
    """Which part of the letters beyond ASCII are everyday letters of the encoding's language."""
    foreign = sum(letter > "\x7f" for letter in text)
    if not foreign:
        return 0.0
    likeness = len(_EVERYDAY[encoding].findall(text)) / foreign
    return likeness * _share_of_plain_words(text, _PLAIN_RUSSIAN_WORD[encoding]) if encoding in _PLAIN_RUSSIAN_WORD else likeness


def _share_of_plain_words(text: str, plain: re.Pattern[str]) -> float:
    words = _RUSSIAN_WORD.findall(text)
    return sum(bool(plain.fullmatch(word)) for word in words) / len(words) if words else 0.0


def worksheet_rows(
    content: bytes, *, sheet: str | None, headers: list[list[str]], empty_rows: int, longest: int
) -> Iterator[tuple[int, list[str]]]:
    """Each row of a sheet that is not empty, with its number; ends after ``empty_rows`` empty ones. Row 0 has the sheets' names.

    Read is ``sheet``, else the one with the ``headers``, see :func:`sheet_rows`. A process of its own reads it, which ends when the file
    takes more memory or time than it may.
    """
    check_archive(content)
    try:
        yield from sheet_rows(content, sheet=sheet, headers=headers, empty_rows=empty_rows, columns=COLUMNS_AT_MOST, longest=longest)
    except SheetUnread as error:
        raise TableFileError(_reason(error, sheet) if error.why != "broken" or _has_sheets(content) else _NO_TABLE) from error


def _has_sheets(content: bytes) -> bool:
    """Whether it was a workbook; a text document and a presentation are archives of the same kind."""
    return any(member.filename.startswith("xl/") for member in archives.members(content))


def _reason(error: SheetUnread, sheet: str | None) -> str:
    if error.why == "sheet":
        return _("There is no sheet “%(sheet)s”; there are: %(names)s.") % {"sheet": sheet, "names": ", ".join(error.names)}
    if error.why == "memory":
        return _("This .xlsx file takes more memory than reading it may: save only the table itself, as a new file or as CSV.")
    if error.why == "time":
        return _("This .xlsx file takes longer than reading it may: save only the table itself, as a new file or as CSV.")
    return _("This .xlsx file is broken: open it in a spreadsheet program and save it again.")


def check_archive(content: bytes) -> None:
    """Refuse a zip whose directory promises too much, before a byte of it is unpacked."""
    try:
        members = archives.members(content)
    except archives.ArchiveBroken as error:
        raise TableFileError(_("This .xlsx file is broken: open it in a spreadsheet program and save it again.")) from error
    except archives.ArchiveTooLarge as error:
        raise TableFileError(_("This .xlsx file unpacks to too much: save only the table itself, as a new file.")) from error
    if "[Content_Types].xml" not in {member.filename for member in members}:
        raise TableFileError(_NO_TABLE)  # another archive, or a table of another program
