"""A stand that is larger or smaller than an application asks for: it can be offered all the same, and whoever offers it hears so."""

from typing import Any

from django.utils.translation import gettext as _

from api.problems import field_error
from exhibitors.models import Application, SiteWish
from fairs.models import Stand
from fairs.units import area_text


def warnings(application: Application, stand_id: int) -> list[dict[str, Any]]:
    """Entries like errors (pointer, code, detail) for a stand whose area is not between the least and the most asked for at its site."""
    stand = Stand.objects.get(pk=stand_id)
    wish = SiteWish.objects.filter(application=application, site__halls=stand.hall_id).first()
    if wish is None:
        return []
    facts = {"area": area_text(stand.area_m2)}
    if wish.area_min_m2 is not None and stand.area_m2 < wish.area_min_m2:
        text = _("The stand has %(area)s; the application asks for at least %(asked)s.")
        return [field_error("/stand", "smaller_than_asked", text % {**facts, "asked": area_text(wish.area_min_m2)})]
    if wish.area_max_m2 is not None and stand.area_m2 > wish.area_max_m2:
        text = _("The stand has %(area)s; the application asks for at most %(asked)s.")
        return [field_error("/stand", "larger_than_asked", text % {**facts, "asked": area_text(wish.area_max_m2)})]
    return []
