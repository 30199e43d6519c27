"""The organisers' desk as an admin site."""

from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from unfold.sites import UnfoldAdminSite

from config.desk import navigation


class DeskSite(UnfoldAdminSite):
    """Unfold's site, which lists all models with their addresses and rights for each page though our side bar shows none of it."""

    empty_value_display = "–"  # as our own cells have it

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> Any:
        """The models by app, looked up once somebody reads the list: that is a tenth of what a page costs."""
        models = super().get_app_list
        return SimpleLazyObject(lambda: models(request, app_label))

    def get_sidebar_list(self, request: HttpRequest) -> list[dict[str, Any]]:
        """The side bar as it is: Unfold would copy it and ask for badges, tabs and nested links, of which it has none."""
        return navigation(request)


class DeskConfig(AdminConfig):
    default_site = "config.desk_site.DeskSite"
