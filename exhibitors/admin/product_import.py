"""The table that products are brought in from at the desk."""

from collections.abc import Sequence
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from exhibitors.importing import products
from exhibitors.models import Product
from fairs import access
from fairs.admin.table_import import Columns, SheetImport
from fairs.domain.tally import Tally
from fairs.models import Fair
from fairs.roles import Right
from fairs.tables import Table, read_table


class ProductsImport(SheetImport):
    purpose, right = "products-import", Right.EDIT_APPLICATIONS
    title = _("Import products")
    of_label = _("Fair")
    columns = (Columns(products.REQUIRED, products.COLUMNS),)
    hints = (
        _("A table (XLSX or CSV) with a product a row: its company by INN or by legal name, its HS code, and its fate."),
        _("Headers may be written in English, Russian or Chinese. What the table does not name stays as it is."),
    )

    row_names = Product._meta.verbose_name_plural
    naming = ("name_ru", "name_zh", "name_en")

    def choices(self, user: Any) -> QuerySet[Fair]:
        return access.fairs_with(user, self.right).order_by("-starts_on")

    def read(self, source: IO[bytes], name: str) -> Table:
        return read_table(source, name=name, columns=products.COLUMNS, required=products.REQUIRED)

    def bring_in(self, of: Fair, table: Table, *, tell: bool, by: Any) -> tuple[Tally, Sequence[str]]:
        return products.import_products(fair=of, table=table, by=by, now=clock.now()), ()
