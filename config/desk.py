"""How the organisers' desk (the admin) looks and what its side bar holds."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


def _is_unreachable(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "exhibitors_application_unreachable"


def _letters_ahead(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "exhibitors_application_upcoming"


def _page(title: Any, icon: str, model: str, view: str = "changelist", **more: Any) -> dict[str, Any]:
    """A link to the list of ``model`` ("fairs_fair"), or another page of it, for those who may open it."""
    return {"title": title, "icon": icon, "link": _list_url(model, view), "permission": _may_open(model), **more}


def _is_points(request: HttpRequest) -> bool:
    return request.resolver_match is not None and request.resolver_match.url_name == "allocations_prioritycorrection_points"


def _is_corrections(request: HttpRequest) -> bool:
    pages = _reverse_list("allocations_prioritycorrection", "changelist")
    return bool(pages) and request.path.startswith(pages) and not _is_points(request)


def _is_review(request: HttpRequest) -> bool:
    """The queue of applications and what it leads to are pages of the applications, with a link of their own."""
    match = request.resolver_match
    return match is not None and match.url_name in ("exhibitors_application_queue", "exhibitors_application_review")


def _is_plan(request: HttpRequest) -> bool:
    """The plans of halls are pages of the halls, with a link of their own."""
    match = request.resolver_match
    return match is not None and (match.url_name or "").startswith("fairs_hall_plan")


def _is_halls(request: HttpRequest) -> bool:
    return request.path.startswith(_reverse_list("fairs_hall", "changelist") or "-") and not _is_plan(request)


def _is_applications(request: HttpRequest) -> bool:
    return request.path.startswith(_reverse_list("exhibitors_application", "changelist") or "-") and not (
        _is_review(request) or _is_unreachable(request) or _letters_ahead(request)
    )


@cache
def _reverse_list(model: str, view: str) -> str:
    """Looked up once in a process: the side bar asks for sixty on each page."""
    try:
        return reverse(f"admin:{model}_{view}")
    except NoReverseMatch:  # no page of this name: _may_open hides the link
        return ""


_list_url = lazy(_reverse_list, str)


def _may_open(model: str) -> Callable[[HttpRequest], bool]:
    def may_open(request: HttpRequest) -> bool:
        page = _admin_of(model)
        return page is not None and page.has_view_permission(request)

    return may_open


def _admin_of(model: str) -> Any:
    from django.contrib import admin  # the settings load this module, and the admin needs the settings

    app, _line, name = model.partition("_")
    try:
        return admin.site._registry.get(apps.get_model(app, name))
    except LookupError:
        return None


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The side bar's groups with what the reader may open, in the reader's language."""
    groups = [(title, [_item(page, request) for page in pages if page["permission"](request)]) for title, pages in _GROUPS]
    return [{"title": str(title), "items": items} for title, items in groups if items]


def _item(page: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    """What the side bar's template shows of a link."""
    link = str(page["link"])
    is_active = page["active"](request) if "active" in page else bool(link) and request.path.startswith(link)
    return {"title": str(page["title"]), "icon": page["icon"], "link": link, "active": is_active}


_GROUPS: list[tuple[Any, list[dict[str, Any]]]] = [
    (
        _("Fair"),
        [
            _page(_("Fairs"), "festival", "fairs_fair"),
            _page(_("Sites"), "location_city", "fairs_site"),
            _page(_("Buildings"), "apartment", "fairs_building"),
            _page(_("Halls"), "floor", "fairs_hall", active=_is_halls),
            {**_page(_("Floor plans"), "map", "fairs_hall", "plans", active=_is_plan), "permission": _may_open("exhibitors_placement")},
            _page(_("Zones"), "dashboard", "fairs_zone"),
            _page(_("Stands"), "grid_view", "fairs_stand"),
            _page(_("Deadlines"), "event", "fairs_deadline"),
            _page(_("Trade figures"), "trending_up", "fairs_tradefigure"),
        ],
    ),
    (
        _("Exhibitors"),
        [
            _page(_("Review"), "rate_review", "exhibitors_application", "queue", active=_is_review),
            _page(_("Applications"), "inbox", "exhibitors_application", active=_is_applications),
            _page(_("Documents"), "description", "exhibitors_document"),
            _page(_("Required documents"), "checklist", "exhibitors_documentrequirement"),
            _page(_("Out of reach"), "phone_missed", "exhibitors_application", "unreachable", active=_is_unreachable),
            _page(_("Tasks"), "task_alt", "exhibitors_stafftask"),
            _page(_("Placements"), "pin_drop", "exhibitors_placement"),
            _page(_("Announcements"), "campaign", "exhibitors_announcement"),
            _page(_("Mass decisions"), "checklist_rtl", "exhibitors_massdecision"),
            _page(_("Companies"), "factory", "exhibitors_company"),
            _page(_("Imports of companies"), "upload_file", "exhibitors_companyimport"),
            _page(_("Claims on companies"), "how_to_reg", "exhibitors_companyclaim"),
            _page(_("Possible duplicates"), "content_copy", "exhibitors_duplicateflag"),
            _page(_("Co-exhibitors"), "group_work", "exhibitors_coexhibitor"),
            _page(_("People on the stands"), "badge", "exhibitors_standstaff"),
            _page(_("Quotas of passes"), "confirmation_number", "exhibitors_passquota"),
            _page(_("Review criteria"), "checklist", "exhibitors_reviewcriterion"),
            _page(_("Products"), "inventory_2", "exhibitors_product"),
            _page(_("Represented companies"), "handshake", "exhibitors_representedcompany"),
            _page(_("Questions"), "quiz", "exhibitors_question"),
            _page(_("Pavilions"), "holiday_village", "exhibitors_pavilion"),
            _page(_("Catalogue"), "menu_book", "exhibitors_exhibitor"),
            _page(_("Regions"), "map", "exhibitors_region"),
            _page(_("Product categories"), "category", "exhibitors_productcategory"),
        ],
    ),
    (
        _("Allocation"),
        [
            _page(_("Runs"), "auto_awesome_mosaic", "allocations_allocationrun"),
            _page(_("Freed stands"), "event_seat", "allocations_freedstand"),
            _page(_("Priority points"), "leaderboard", "allocations_prioritycorrection", "points", active=_is_points),
            _page(_("Corrections of points"), "tune", "allocations_prioritycorrection", active=_is_corrections),
            _page(_("Pairs kept apart"), "social_distance", "allocations_apartpair"),
            _page(_("Fixed stands"), "lock", "allocations_standlock"),
            _page(_("Rules of allocation"), "balance", "allocations_allocationsettings"),
        ],
    ),
    (
        _("Conference"),
        [
            _page(_("Conferences"), "podium", "conferences_conference"),
            _page(_("Sessions"), "calendar_month", "conferences_session"),
            _page(_("Speakers"), "record_voice_over", "conferences_speaker"),
            _page(_("Delegates"), "badge", "conferences_delegate"),
            _page(_("Visa invitations"), "contact_mail", "conferences_visainvitation"),
            _page(_("Rooms"), "meeting_room", "conferences_room"),
            _page(_("Tracks"), "label", "conferences_track"),
        ],
    ),
    (
        _("Letters"),
        [
            _page(_("Letters"), "mail", "notifications_letter"),
            {
                **_page(_("The next 14 days"), "schedule_send", "exhibitors_application", "upcoming", active=_letters_ahead),
                "permission": lambda request: _may_open("notifications_letter")(request),
            },
            _page(_("Mailings"), "forward_to_inbox", "exhibitors_mailing"),
            _page(_("Texts of letters"), "edit_note", "notifications_lettertemplate"),
            _page(_("Addresses without mail"), "unsubscribe", "notifications_suppression"),
            _page(_("Limits of domains"), "speed", "notifications_domainlimit"),
        ],
    ),
    (
        _("People"),
        [
            _page(_("Staff"), "groups", "fairs_staffmembership"),
            {
                "title": _("My notices"),
                "icon": "notifications",
                "link": _list_url("accounts_user", "my_notices"),
                "permission": lambda request: request.user.is_staff,
            },
            _page(_("Users"), "person", "accounts_user"),
            _page(_("Failed sign-ins"), "lock", "axes_accessattempt"),
        ],
    ),
]

# 600 carries white letters and stands on white at more than 5:1, 500 stands on the dark ground at more than 6:1.
_TEAL = {
    "50": "#f0fdfa",
    "100": "#ccfbf1",
    "200": "#99f6e4",
    "300": "#5eead4",
    "400": "#2dd4bf",
    "500": "#14b8a6",
    "600": "#0f766e",
    "700": "#115e59",
    "800": "#134e4a",
    "900": "#12403d",
    "950": "#042f2e",
}

UNFOLD = {
    "SITE_TITLE": "Yarmarka",
    "SITE_HEADER": "Yarmarka",
    "SITE_SUBHEADER": _("The organisers' desk"),
    "SITE_SYMBOL": "storefront",
    "SITE_URL": None,  # the desk is the site: there is nowhere to return to
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("desk/favicon.svg")}],
    "STYLES": [lambda request: static("desk/desk.css")],
    "SCRIPTS": [lambda request: static("desk/desk.js")],
    "COLORS": {"primary": _TEAL},
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "SIDEBAR": {"show_search": False, "show_all_applications": False},
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard",
    "GLOBAL_CALLBACK": "config.dashboard.demo_banner",
}
