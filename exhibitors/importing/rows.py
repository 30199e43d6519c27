"""One line of a company table as plain values, with an error for every cell that cannot be read."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from api.text import clean_line
from exhibitors.domain.company_values import REGIONS_NEEDED, CompanyValues, ContactValues, Reference
from exhibitors.domain.site_wishes import fineness_problem
from exhibitors.enums import ApplicationStatus, ExhibitorRole, Scheme
from exhibitors.importing.columns import SITE
from exhibitors.importing.names import ReferenceNames
from fairs.country_names import country_code_of
from fairs.models import Fair, Site
from fairs.table_words import choice_of, language_of
from fairs.tables import Row, RowError, as_date, as_decimal, as_number_code, as_whole_number

Value = TypeVar("Value")
TAX_IDS = ("inn", "ogrn", "kpp", "uscc")
CONTACT = ("name", "email", "phone", "language", "time_zone")
_LANGUAGES = {"ru": "ru", "zh": "zh_hans", "en": "en"}  # end of the header: end of the column
_ROLE_WORDS = {"основной": "MAIN", "主参展商": "MAIN", "соэкспонент": "CO", "联合参展商": "CO"}
_SCHEME_WORDS = {"необорудованная": "raw", "光地": "raw", "оборудованная": "shell", "标准展位": "shell", "标摊": "shell"}
_BETWEEN_PARTS = re.compile("[;；\n]")
WITH_STAND = (ApplicationStatus.STAND_OFFERED, ApplicationStatus.ACCEPTED)


@dataclass
class SiteCells:
    """What a row asks for, and has, at one site. None: the cell is empty. Areas in m²."""

    site: Site
    area: Decimal | None = None
    area_min: Decimal | None = None
    area_max: Decimal | None = None
    open_sides: int | None = None
    scheme: str | None = None
    stand: tuple[str, str] | None = None  # hall's slug, number
    first_day: date | None = None
    last_day: date | None = None

    def fits(self, area: Decimal) -> bool:
        """Whether a stand of ``area`` m² is what is asked for: within the limits, or where there are none, near the wish."""
        if self.area_min is None and self.area_max is None:
            return self.area is None or abs(area - self.area) * 2 <= self.area
        return (self.area_min or 0) <= area and (self.area_max is None or area <= self.area_max)


@dataclass
class CompanyRow:
    """A row that could be read."""

    row: Row
    company: CompanyValues
    contact: ContactValues | None
    role: ExhibitorRole
    main_company: str
    status: ApplicationStatus
    submitted_at: datetime | None
    responsible: str
    message: str
    sites: list[SiteCells] = field(default_factory=list)


class RowReader:
    """Reads rows of one fair's table."""

    def __init__(self, fair: Fair, sites: list[Site], reference: Reference) -> None:
        self.fair = fair
        self.sites = sites
        self.names = ReferenceNames(reference)
        self.errors: list[RowError] = []

    def read(self, row: Row) -> CompanyRow:
        """The row's values without those that cannot be read; :attr:`errors` says which."""
        cells = Cells(row, self.errors)
        sites = [wish for site in self.sites if (wish := _site(cells, site))]
        status = self._status(cells, sites)
        read = CompanyRow(
            row=row,
            company=_company(cells, self.names),
            contact=_contact(cells),
            role=ExhibitorRole(cells.read("role", lambda text: choice_of(ExhibitorRole, text, also=_ROLE_WORDS)) or ExhibitorRole.MAIN),
            main_company=clean_line(cells.text("main_company")),
            status=status,
            submitted_at=cells.read("submitted_at", self._moment),
            responsible=clean_line(cells.text("responsible")).lower(),
            message=cells.text("message"),
            sites=sites,
        )
        if read.company["country"] in REGIONS_NEEDED and not cells.text("region"):
            cells.refuse("region", _("Write the region: its name, or its code of ISO 3166-2, such as RU-PRI."))
        _check_together(cells, read)
        return read

    def _status(self, cells: "Cells", sites: list[SiteCells]) -> ApplicationStatus:
        """As written; else what the row is fit for: with a stand accepted, with an area submitted, else a draft."""
        written = cells.read("status", lambda text: choice_of(ApplicationStatus, text))
        if written:
            return ApplicationStatus(written)
        if any(wish.stand for wish in sites):
            return ApplicationStatus.ACCEPTED
        return ApplicationStatus.SUBMITTED if any(wish.area for wish in sites) else ApplicationStatus.DRAFT

    def _moment(self, text: str) -> datetime:
        """An ISO moment, or a date; without an offset in the fair's time zone."""
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = datetime.combine(as_date(text), time())
        return moment if moment.tzinfo else moment.replace(tzinfo=self.fair.zone)


class Cells:
    """The cells of one row; what cannot be read becomes an error and None."""

    def __init__(self, row: Row, errors: list[RowError]) -> None:
        self.row = row
        self.errors = errors

    def text(self, column: str) -> str:
        return self.row.values.get(column, "")

    def refuse(self, column: str, message: str) -> None:
        self.errors.append(self.row.error(column, message))

    def read(self, column: str, convert: Callable[[str], Value]) -> Value | None:
        text = self.text(column)
        if not text:
            return None
        try:
            return convert(text)
        except (ValueError, OverflowError) as error:
            self.refuse(column, str(error))
            return None

    def listed(self, column: str) -> list[str]:
        """The parts of a cell between semicolons, or each on a line of its own."""
        return [part for part in map(clean_line, _BETWEEN_PARTS.split(self.text(column))) if part]


def _company(cells: Cells, names: ReferenceNames) -> CompanyValues:
    """Only cells that say something: an empty one leaves alone what is there."""
    country = cells.read("country", _country) or ""
    values: dict[str, Any] = {"legal_name": cells.text("legal_name"), "country": country}
    for suffix, column in _LANGUAGES.items():
        values[f"name_{column}"] = cells.text(f"name_{suffix}")
        values[f"description_{column}"] = cells.text(f"description_{suffix}")
        values[f"brands_{column}"] = cells.listed(f"brands_{suffix}")
    for name in TAX_IDS:
        values[name] = cells.read(name, _with_its_zeros(name))
    values["region"] = cells.read("region", lambda text: names.region(text, country=country))
    values["categories"] = cells.read("categories", lambda _text: names.category_list(cells.listed("categories")))
    values["website"] = cells.text("website")
    # Kept even when empty: a company cannot be without them, and the check of values says so.
    return {name: value for name, value in values.items() if value or name in ("legal_name", "country")}  # type: ignore[return-value]


def _country(text: str) -> str:
    if code := country_code_of(text):
        return code
    raise ValueError(_("There is no country “%(name)s”: write its name, or its code of ISO 3166-1, such as CN.") % {"name": text[:80]})


def _with_its_zeros(name: str) -> Callable[[str], str]:
    """Reads a number, and refuses what a spreadsheet has made of one that began with zeros."""
    lengths = {"inn": (8, 9, 11), "kpp": (7, 8)}.get(name, ())

    def read(text: str) -> str:
        code = as_number_code(text)
        if code.isdigit() and len(code) in lengths:
            raise ValueError(
                _("This number has too few digits. If a spreadsheet has removed zeros at its beginning: format the column as text.")
            )
        return code

    return read


def _contact(cells: Cells) -> ContactValues | None:
    values = {name: cells.text(f"contact_{name}") for name in CONTACT}
    if language := values["language"]:
        values["language"] = language_of(language)
    if not any(values.values()):
        return None
    return {name: value for name, value in values.items() if value}  # type: ignore[return-value]


def _site(cells: Cells, site: Site) -> SiteCells | None:
    name = {suffix: f"{site.slug}_{suffix}" for suffix in SITE}
    if not any(cells.text(column) for column in name.values()):
        return None
    wish = SiteCells(
        site=site,
        area=cells.read(name["area"], as_decimal),
        area_min=cells.read(name["area_min"], as_decimal),
        area_max=cells.read(name["area_max"], as_decimal),
        open_sides=cells.read(name["open_sides"], as_whole_number),
        scheme=cells.read(name["scheme"], lambda text: choice_of(Scheme, text, also=_SCHEME_WORDS)),
        stand=cells.read(name["stand"], _hall_and_number),
        first_day=cells.read(name["first_day"], as_date),
        last_day=cells.read(name["last_day"], as_date),
    )
    for column in ("area", "area_min", "area_max"):
        area = getattr(wish, column)
        # The model's columns hold 999,999.99 m²; more is a slip of the hand.
        if area is not None and not 1 <= area < 1_000_000:
            cells.refuse(name[column], _("An area is 1 m² or more and less than 1,000,000 m²."))
        elif area is not None and (too_fine := fineness_problem(area)):
            cells.refuse(name[column], too_fine)
    if wish.open_sides is not None and not 1 <= wish.open_sides <= 4:
        cells.refuse(name["open_sides"], _("A stand has 1 to 4 open sides."))
    return wish


def _hall_and_number(text: str) -> tuple[str, str]:
    hall, slash, number = text.partition("/")
    if not (hall.strip() and slash and number.strip()):
        raise ValueError(_("Write a stand as hall/number, such as hall-1/A-12."))
    return hall.strip(), number.strip()


def _check_together(cells: Cells, read: CompanyRow) -> None:
    """What two cells say about each other."""
    stands = [wish for wish in read.sites if wish.stand]
    if read.role == ExhibitorRole.CO:
        if not read.main_company:
            cells.refuse("main_company", _("Name the main exhibitor whose stand the co-exhibitor shares."))
        for wish in read.sites:
            column = f"{wish.site.slug}_{'stand' if wish.stand else 'area'}"
            cells.refuse(column, _("A co-exhibitor has no place of its own: leave it empty."))
        return
    if read.main_company:
        cells.refuse("main_company", _("Only a co-exhibitor has a main exhibitor: write CO as its role or leave this empty."))
    if read.status in WITH_STAND and not stands:
        cells.refuse("status", _("In this state an application has a stand: name it."))
    if read.status not in WITH_STAND:
        for wish in stands:
            cells.refuse(f"{wish.site.slug}_stand", _("In this state an application has no stand yet: leave it empty."))
