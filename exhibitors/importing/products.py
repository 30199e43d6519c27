"""An organiser's table of products into the applications of a fair: all of it or nothing; the same table twice changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Refused
from exhibitors.domain import changes, products
from exhibitors.domain.company_values import clean_code
from exhibitors.domain.differences import Diff
from exhibitors.enums import ApplicationStatus, ChangeSubject, ProductFate, ProductUnit
from exhibitors.importing.matching import AmbiguousCompany
from exhibitors.models import Application, Product
from exhibitors.models.product import MOST_PRODUCTS
from fairs.domain.tally import Tally
from fairs.models import Fair
from fairs.table_words import choice_of
from fairs.tables import Row, RowError, Table, TableError, as_date, as_decimal, as_number_code, as_whole_number

COLUMNS = {
    "company": ["компания", "юридическое название", "公司"],
    "inn": ["ИНН", "俄罗斯税号"],
    "name_ru": ["название", "товар", "俄文名称"],
    "name_zh": ["название (кит.)", "中文名称"],
    "name_en": ["name", "название (англ.)", "英文名称"],
    "code": ["ТН ВЭД", "код ТН ВЭД", "HS", "HS code", "海关编码", "HS编码"],
    "brand": ["бренд", "品牌"],
    "gacc_number": ["GACC", "номер GACC", "海关总署注册号"],
    "gacc_valid_until": ["GACC до", "注册有效期"],
    "shelf_life_days": ["срок годности", "срок годности, дней", "保质期"],
    "temperature_min": ["температура от", "最低温度"],
    "temperature_max": ["температура до", "最高温度"],
    "fate": ["судьба", "处理方式"],
    "quantity": ["количество", "数量"],
    "unit": ["единица", "单位"],
}
REQUIRED = ["code", "fate"]
Progress = Callable[[int, int], None]

_READ: dict[str, tuple[str, Callable[[str], Any]]] = {
    "gacc_valid_until": ("gacc_valid_until", as_date),
    "shelf_life_days": ("shelf_life_days", as_whole_number),
    "temperature_min": ("temperature_min_c", as_whole_number),
    "temperature_max": ("temperature_max_c", as_whole_number),
    "quantity": ("quantity", as_decimal),
    "fate": ("fate", lambda text: choice_of(ProductFate, text, also=_WORDS)),
    "unit": ("unit", lambda text: choice_of(ProductUnit, text, also=_WORDS)),
}
_TEXTS = {"name_ru": "name_ru", "name_zh": "name_zh_hans", "name_en": "name_en", "brand": "brand", "gacc_number": "gacc_number"}
_COLUMN_OF = {name: column for column, name in _TEXTS.items()} | {name: column for column, (name, _read) in _READ.items()}
_WORDS: dict[str, str] = {  # as tables write them, beside the codes and the texts of the form
    **dict.fromkeys(("продажа", "на продажу", "销售"), "sell"),
    **dict.fromkeys(("дегустация", "на дегустацию", "品尝", "试吃"), "taste"),
    **dict.fromkeys(("возврат", "вывоз", "退运", "返运"), "return"),
    **dict.fromkeys(("уничтожение", "销毁"), "destroy"),
    **dict.fromkeys(("шт", "шт.", "штука", "штук", "件", "个"), "piece"),
    **dict.fromkeys(("упак", "упак.", "уп.", "упаковка", "упаковок", "包", "盒"), "pack"),
    **dict.fromkeys(("кг", "кг.", "公斤", "千克"), "kg"),
    **dict.fromkeys(("л", "л.", "литр", "литров", "升"), "l"),
}


@transaction.atomic
def import_products(*, fair: Fair, table: Table, now: datetime, by: User | None = None, progress: Progress | None = None) -> Tally:
    """Add and change products of applications that have not ended; what the table does not name stays. Raises TableError."""
    loading = _Loading(fair, now)
    for done, row in enumerate(table.rows, start=1):
        loading.take(row)
        if progress:
            progress(done, len(table.rows))
    if loading.errors:
        raise TableError(loading.errors)
    changes.record_imported(subject=ChangeSubject.PRODUCTS, diffs=loading.diffs, by=by, now=now)
    return loading.tally


class _Loading:
    """One run: what is there, what was counted, and what is wrong."""

    def __init__(self, fair: Fair, now: datetime) -> None:
        self.today = fair.day_of(now)
        alive = Application.objects.filter(fair=fair).exclude(status__in=ApplicationStatus.ended).select_related("company", "fair")
        self.applications: dict[str, list[Application]] = defaultdict(list)  # by number and by name of the company
        for one in alive:
            for key in {one.company.inn, one.company.legal_name} - {""}:
                self.applications[key].append(one)
        known = Product.objects.filter(application__in=alive).select_related("application__company", "application__fair")
        self.products: dict[tuple[int, str], list[Product]] = {}  # by application and code
        for product in known:
            self.products.setdefault((product.application_id, product.code), []).append(product)
        self.counts = Counter(product.application_id for product in known)
        self.categories = products.categories()
        self.rows: dict[int, int] = {}  # by the place of the product in memory
        self.diffs: dict[Application, Diff] = {}
        self.tally = Tally()
        self.errors: list[RowError] = []

    def take(self, row: Row) -> None:
        column = "inn" if row.values.get("inn") else "company"
        try:
            application = self._application(row)
        except (ValueError, AmbiguousCompany) as error:
            self.errors.append(row.error(column, str(error)))
            return
        if application is None:
            self.errors.append(row.error(column, _("No application of this company is open at the fair.")))
            return
        values = self._values(row)
        if values is None:
            return
        product = self._known(application, values) or self._new(application, row, code=values["code"])
        if id(product) in self.rows:
            self.errors.append(row.error("code", _("This product is in row %(row)d already.") % {"row": self.rows[id(product)]}))
            return
        self.rows[id(product)] = row.number
        if self.tally.count(copy(product), values):  # of a copy: what is written is told from what was there
            self._save(row, product, values)

    def _application(self, row: Row) -> Application | None:
        inn, company = as_number_code(row.values.get("inn", "")), row.values.get("company", "")
        names = (inn, inn.zfill(10), inn.zfill(12)) if inn else (company,)  # zeros that a spreadsheet took off
        found = next((self.applications[name] for name in names if name in self.applications), [])
        if len(found) > 1:
            raise AmbiguousCompany("inn" if inn else "company", len(found), name="" if inn else company)
        return found[0] if found else None

    def _known(self, application: Application, values: dict[str, Any]) -> Product | None:
        """The product that is meant: of its code and first name, else one of which a name agrees and none differs."""
        there = self.products.get((application.pk, values["code"]), [])
        named = Product(**{name: value for name, value in values.items() if name == "code" or name.startswith("name_")})
        by_first = (one for one in there if _first_name(one) == _first_name(named))
        return next(by_first, None) or next((one for one in there if products.is_same(named, one)), None)

    def _new(self, application: Application, row: Row, *, code: str) -> Product:
        self.counts[application.pk] += 1
        if self.counts[application.pk] == MOST_PRODUCTS + 1:
            text = _("An application shows %(most)d products at the most.") % {"most": MOST_PRODUCTS}
            self.errors.append(row.error("", text))
        product = Product(application=application)
        self.products.setdefault((application.pk, code), []).append(product)
        return product

    def _values(self, row: Row) -> dict[str, Any] | None:
        """What the row says, in the form in which it is kept; None where a cell cannot be read."""
        cells: dict[str, tuple[str, str, Callable[[str], Any]]]
        cells = {name: (row.values[column], column, str) for column, name in _TEXTS.items() if row.values.get(column)}
        cells |= {name: (row.values[column], column, read) for column, (name, read) in _READ.items() if row.values.get(column)}
        cells["code"] = (row.values["code"], "code", _customs_code)
        values: dict[str, Any] = {}
        errors = []
        for name, (text, column, read) in cells.items():
            try:
                values[name] = products.cleaned(name, read(text))
            except ValueError as error:
                errors.append(row.error(column, str(error)))
        self.errors += errors
        return None if errors else values

    def _save(self, row: Row, product: Product, values: dict[str, Any]) -> None:
        try:
            diff = self.diffs.setdefault(product.application, Diff())
            others = self.products[product.application_id, values["code"]]
            products.write(product, values, categories=self.categories, today=self.today, diff=diff, others=others)  # type: ignore[arg-type]
        except Refused as refusal:
            for error in refusal.facts.get("errors", [{"pointer": "", "detail": str(refusal)}]):
                self.errors.append(row.error(_column_of(str(error["pointer"])), str(error["detail"])))


def _first_name(row: Product) -> str:
    return row.name_ru or row.name_zh_hans or row.name_en or ""  # type: ignore[attr-defined]


def _column_of(pointer: str) -> str:
    first, *rest = pointer.strip("/").split("/")
    if first == "temperature_c":
        return f"temperature_{rest[0]}"
    if first == "name":
        return "name_ru"
    return _COLUMN_OF.get(first, first if first in COLUMNS else "code")


def _customs_code(text: str) -> str:
    """Codes have an even number of digits: a table takes the zero that chapters 01 to 09 begin with off a number."""
    code = clean_code(as_number_code(text))
    return code.zfill(len(code) + len(code) % 2) if code.isascii() and code.isdigit() else code
