"""The table that products are brought in from at the desk."""

from typing import IO, Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

import clock
from exhibitors.importing import products
from exhibitors.models import Product
from fairs import access
from fairs.admin.table_import import Columns, Outcome, TableImport, count_line, errors_of, notes_of
from fairs.models import Fair
from fairs.roles import Right
from fairs.tables import TableError, read_table


class ProductsImport(TableImport):
    purpose, right = "products-import", Right.EDIT_APPLICATIONS
    title = _("Import products")
    of_label = _("Fair")
    columns = (Columns(products.REQUIRED, products.COLUMNS),)
    hints = (
        _("A table (XLSX or CSV) with a product a row: its company by INN or by legal name, its HS code, and its fate."),
        _("Headers may be written in English, Russian or Chinese. What the table does not name stays as it is."),
    )

    def choices(self, user: Any) -> QuerySet[Fair]:
        return access.fairs_with(user, self.right).order_by("-starts_on")

    def take(self, of: Fair, source: IO[bytes], name: str, *, tell: bool, dry_run: bool, by: Any) -> Outcome:
        table = None
        try:
            with transaction.atomic():
                table = read_table(source, name=name, columns=products.COLUMNS, required=products.REQUIRED)
                tally = products.import_products(fair=of, table=table, by=by, now=clock.now())
                transaction.set_rollback(dry_run)
        except TableError as refusal:
            return Outcome(errors=errors_of(refusal.errors, table=table))
        counts = [count_line(Product._meta.verbose_name_plural, tally)]
        return Outcome(counts, tally.new + tally.changed, notes=notes_of(table, "name_ru", "name_zh", "name_en"))
