"""How the organisers' desk (the admin) looks and what its side bar holds."""

from django.utils.translation import gettext_lazy as _

UNFOLD = {
    "SITE_TITLE": "Yarmarka",
    "SITE_HEADER": "Yarmarka",
    "SITE_SUBHEADER": _("The organisers' desk"),
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
}
