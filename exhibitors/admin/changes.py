"""How the desk shows what was changed: who did it for whom, and each difference on a line of its own."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from api.text import colon
from exhibitors.domain.change_texts import NOTHING, Difference
from exhibitors.enums import ChangeSource
from exhibitors.models import CompanyChange


def changed_since(rows: QuerySet[CompanyChange], moment: datetime) -> list[tuple[datetime, str]]:
    """When and by whom, for a form that was opened at ``moment``."""
    return [(row.at, who_text(row)) for row in rows.filter(at__gte=moment).select_related("by", "company")]


def lines_of(differences: Iterable[Difference]) -> SafeString:
    """Each on a line; a logo as it was and as it is, beside the names of the files."""
    rows = ((one.label, one.values, _pictures(one)) for one in differences)
    return format_html_join(SafeString("<br>"), "{}" + colon() + "<strong>{}</strong>{}", rows)


def _pictures(difference: Difference) -> SafeString | str:
    if not any(difference.pictures):
        return ""
    shown = (
        format_html('<img src="data:image/png;base64,{}" alt="" class="inline-block max-h-12 bg-white">', picture) if picture else NOTHING
        for picture in difference.pictures
    )
    return format_html(" {}", format_html_join(" → ", "{}", ((one,) for one in shown)))


def who_text(change: CompanyChange) -> str:
    """Who did it; an organiser who acts for the exhibitor is named with the company."""
    name = change.by.get_full_name() if change.by else _("import")
    if change.source == ChangeSource.STAFF and change.by:
        return _("%(person)s, organiser, for %(company)s") % {"person": name, "company": change.company.legal_name}
    return name
