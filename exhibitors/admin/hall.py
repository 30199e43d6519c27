"""The halls of fairs.admin, with the plan on which exhibitors are placed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from exhibitors.admin import plan_index, plan_offers_page, planner
from fairs import access
from fairs.admin.base import link
from fairs.admin.hall import HallAdmin
from fairs.admin.site import HallInline, SiteAdmin
from fairs.models import Hall, Site
from fairs.roles import Right


class PlannedHallAdmin(HallAdmin):
    """A link to the plan on each row and page, for those who see applications."""

    list_display = [*HallAdmin.list_display, "plan_link"]
    change_form_outer_before_template = "admin/exhibitors/hall/links.html"

    def get_urls(self) -> list[URLPattern]:
        pages = {
            "plan": planner.plan_page,
            "plan/state": planner.state_view,
            "plan/fits": planner.fits_view,
            "plan/change": planner.change_view,
            "plan/sheet": planner.sheet_view,
            "plan/offers": plan_offers_page.offers_page,
        }
        own = [
            path(f"<path:object_id>/{name}/", self._wrapped(view), name=f"fairs_hall_{name.replace('/', '_')}")
            for name, view in reversed(pages.items())
        ]
        plans = path("plans/", self.admin_site.admin_view(self.plans_view), name="fairs_hall_plans")
        return [plans, *own, *super().get_urls()]

    def _wrapped(self, view: Any) -> Any:
        def answer(request: HttpRequest, object_id: str) -> HttpResponse:
            found: HttpResponse = view(self, request, object_id)
            return found

        return self.admin_site.admin_view(answer)

    def plans_view(self, request: HttpRequest) -> HttpResponse:
        return plan_index.plans_page(self, request)

    def get_list_display(self, request: HttpRequest) -> Any:
        user: Any = request.user
        shown = super().get_list_display(request)
        return shown if access.has_right_anywhere(user, Right.VIEW_APPLICATIONS) else [name for name in shown if name != "plan_link"]

    @admin.display(description=gettext_lazy("plan"))
    def plan_link(self, hall: Hall) -> str:
        return link(reverse("admin:fairs_hall_plan", args=[hall.pk]), _("Place exhibitors"))

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        hall = self.get_object(request, object_id)
        user: Any = request.user
        links = {}
        if hall is not None:
            links["public_plan"] = reverse("floor-plan-svg", args=[hall.fair.slug, hall.slug])
            if access.has_right(user, fair_id=hall.fair_id, right=Right.VIEW_APPLICATIONS):
                links["plan"] = reverse("admin:fairs_hall_plan", args=[hall.pk])
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **links})


class PlannedHallInline(HallInline):
    """The halls on a site's page, each with its plan."""

    fields = readonly_fields = [*HallInline.fields, "plan_link"]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        user: Any = request.user
        shown = list(super().get_fields(request, obj))
        return shown if access.has_right_anywhere(user, Right.VIEW_APPLICATIONS) else [name for name in shown if name != "plan_link"]

    @admin.display(description=gettext_lazy("plan"))
    def plan_link(self, hall: Hall) -> str:
        return link(reverse("admin:fairs_hall_plan", args=[hall.pk]), _("Place exhibitors"))


class PlannedSiteAdmin(SiteAdmin):
    inlines = [PlannedHallInline if inline is HallInline else inline for inline in SiteAdmin.inlines]


admin.site.unregister(Site)
admin.site.register(Site, PlannedSiteAdmin)
admin.site.unregister(Hall)
admin.site.register(Hall, PlannedHallAdmin)
