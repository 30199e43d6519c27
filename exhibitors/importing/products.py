"""An organiser's table of products into the applications of a fair: all of it or nothing; the same table twice changes nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from api.problems import Refused
from exhibitors.domain import changes, products
from exhibitors.domain.company_values import clean_code
from exhibitors.domain.differences import Diff
from exhibitors.domain.products import ProductValues
from exhibitors.enums import ApplicationStatus, ChangeSubject
from exhibitors.models import Application, Product
from fairs.domain.tally import Tally
from fairs.models import Fair
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
    "temperature_min": ("temperature_min_c", lambda text: int(as_decimal(text))),
    "temperature_max": ("temperature_max_c", lambda text: int(as_decimal(text))),
    "quantity": ("quantity", as_decimal),
}
_TEXTS = {"name_ru": "name_ru", "name_zh": "name_zh_hans", "name_en": "name_en", "brand": "brand", "gacc_number": "gacc_number"}
_TEXTS |= {"fate": "fate", "unit": "unit"}


@transaction.atomic
def import_products(*, fair: Fair, table: Table, now: datetime, progress: Progress | None = None) -> Tally:
    """Add and change products of applications that have not ended; what the table does not name stays. Raises TableError."""
    alive = Application.objects.filter(fair=fair).exclude(status__in=ApplicationStatus.ended).select_related("company", "fair")
    found = {key: application for application in alive for key in (application.company.inn, application.company.legal_name) if key}
    known = {(row.application_id, row.code, row.name_ru): row for row in Product.objects.filter(application__in=alive)}  # type: ignore[attr-defined]
    categories, tally, errors = products.categories(), Tally(), list[RowError]()
    diffs: dict[Application, Diff] = {}
    for done, row in enumerate(table.rows, start=1):
        application = found.get(as_number_code(row.values.get("inn", ""))) or found.get(row.values.get("company", ""))
        if application is None:
            errors.append(row.error("company", _("No application of this company is open at the fair.")))
            continue
        values = _values(row, errors)
        key = (application.pk, values["code"], values.get("name_ru", ""))
        product = known.setdefault(key, Product(application=application))
        if tally.count(product, dict(values)):
            _save(row, product, values, categories, errors, diffs.setdefault(application, Diff()))
        if progress:
            progress(done, len(table.rows))
    if errors:
        raise TableError(errors)
    changes.record_imported(subject=ChangeSubject.PRODUCTS, diffs=diffs, now=now)
    return tally


def _save(row: Row, product: Product, values: ProductValues, categories: Any, errors: list[RowError], diff: Diff) -> None:
    try:
        products.write(product, values, categories=categories, diff=diff)
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"pointer": "", "detail": str(refusal)}]):
            column = str(error["pointer"]).strip("/").partition("/")[0]
            errors.append(row.error(column if column in COLUMNS else "code", str(error["detail"])))


def _values(row: Row, errors: list[RowError]) -> ProductValues:
    values: dict[str, Any] = {"code": clean_code(as_number_code(row.values["code"])).zfill(10 if len(row.values["code"]) > 6 else 6)}
    for column, name in _TEXTS.items():
        if row.values.get(column):
            values[name] = row.values[column]
    for column, (name, read) in _READ.items():
        if not row.values.get(column):
            continue
        try:
            values[name] = read(row.values[column])
        except ValueError as error:
            errors.append(row.error(column, str(error)))
    return values  # type: ignore[return-value]
