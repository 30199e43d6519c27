"""The outbox at the desk: who was told what and what became of it; what has not left can be held, edited and dropped."""

from functools import partial
from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

import clock
from notifications import access, pauses
from notifications.admin.letter_filters import MissedFilter, OccasionFilter, OutcomeFilter, matching
from notifications.admin.letter_frame import letter_frame
from notifications.admin.letter_pages import edit_page, step_page
from notifications.admin.letter_steps import ask_or_take, open_steps
from notifications.admin.shown_moments import moment_column, shown_moment
from notifications.enums import LetterStatus
from notifications.models import Letter, Suppression
from notifications.occasions import title_of
from notifications.outcomes import Outcome, outcome_of


class _OnBusinessClock:
    """The years and months above the list are of real time: where the business has another they are not shown."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if clock.is_moved():
            self.date_hierarchy = None


@admin.register(Letter)
class LetterAdmin(ModelAdmin):
    """Who was told what, and whether it arrived at the mail server. The body of a secret letter is shown to nobody."""

    list_display = ["written", "subject", "recipient_email", "shown_status", "leaves"]
    list_display_links = ["written", "subject"]
    list_filter = [
        OutcomeFilter,
        MissedFilter,
        ("fair", admin.RelatedOnlyFieldListFilter),
        ("occasion", OccasionFilter),
        "language",
        "is_secret",
    ]
    search_fields = ["recipient_email", "recipient_name", "subject", "=about", "=message_id"]  # found by letter_filters.matching
    date_hierarchy = "created_at"
    list_per_page = 50
    list_fullwidth = True
    compressed_fields = False
    list_filter_submit = True
    search_help_text = _("Address, name, company or subject; application:12 finds all about application 12")
    show_full_result_count = False
    actions = ["hold", "release", "drop", "send_again"]
    list_before_template = "admin/letters/pause.html"
    change_form_before_template = "admin/letters/steps_panel.html"
    fieldsets: Any = [
        (None, {"fields": ["subject", ("recipient", "state"), "address_closed", "reply_to", "last_error", "report", "note"]}),
        (_("Letter"), {"fields": ["preview", "shown_text"]}),
        (_("Occasion"), {"fields": [("title", "about"), ("fair", "user"), ("language", "time_zone"), "key"]}),
        (
            _("Delivery"),
            {
                "fields": [
                    ("written", "due", "sent"),
                    ("delivered", "bounced", "expires"),
                    ("next_attempt", "claimed"),
                    ("attempts", "lost_attempts"),
                    "message_id",
                ]
            },
        ),
    ]

    written = moment_column("created_at", _("written"))
    due = moment_column("due_at", pgettext_lazy("letter", "due"))
    sent = moment_column("sent_at", _("sent"))
    delivered = moment_column("delivered_at", pgettext_lazy("letter", "delivered"))
    bounced = moment_column("bounced_at", pgettext_lazy("letter", "bounced"))
    expires = moment_column("expires_at", pgettext_lazy("letter", "expires"))
    next_attempt = moment_column("next_attempt_at", _("next attempt"))
    claimed = moment_column("claimed_until", _("claimed until"))

    @admin.display(description=_("sent"), ordering="sent_at")
    def leaves(self, letter: Letter) -> str:
        """When the letter left, or when it is to leave."""
        if letter.sent_at is None and letter.status in LetterStatus.unsent:
            return gettext("due %(moment)s") % {"moment": shown_moment(max(letter.due_at, letter.next_attempt_at))}
        return shown_moment(letter.sent_at)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return type("LetterChangeList", (_OnBusinessClock, super().get_changelist(request, **kwargs)), {})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return access.letters_seen_by(request.user).with_closed_addresses().defer("sealed").select_related("user", "fair")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By what the list offers and by nothing else, as on the pages of the apps above: Django lets the sealed body be asked about."""
        offered = ("outcome", "missed", "fair", "occasion", "language", "is_secret", self.date_hierarchy)
        return lookup.partition("__")[0] in offered and super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_see_letters(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return access.may_see_letters(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        return False

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return access.may_handle_letters(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Letter | None = None) -> list[str]:
        return flatten_fieldsets(self.fieldsets)

    def get_urls(self) -> list[URLPattern]:
        edit, step = (self.admin_site.admin_view(partial(page, self)) for page in (edit_page, step_page))
        return [
            path("<path:object_id>/edit/", edit, name="notifications_letter_edit"),
            path("<path:object_id>/step/<str:name>/", step, name="notifications_letter_step"),
            *super().get_urls(),
        ]

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        return matching(queryset, search_term), False

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        pause = pauses.current()
        told: dict[str, Any] = {"pause": pause, "has_handle_permission": self.has_handle_permission(request)}
        if pause:
            told |= {"pause_since": shown_moment(pause.since), "pause_until": shown_moment(pause.until)}
        return super().changelist_view(request, {**(extra_context or {}), **told})

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None) -> Any:
        letter: Any = self.get_object(request, object_id)
        steps = open_steps(letter, request) if letter is not None else []
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "letter_steps": steps})

    @display(description=_("state"), ordering="status", label=dict(Outcome.colours))
    def shown_status(self, letter: Letter) -> tuple[str, str]:
        outcome = outcome_of(letter, now=timezone.now())
        return outcome.value, str(outcome.label)

    @display(description=_("occasion"))
    def title(self, letter: Letter) -> str:
        return str(title_of(letter.occasion))

    @display(description=_("state"))
    def state(self, letter: Letter) -> str:
        return str(outcome_of(letter, now=timezone.now()).label)

    @display(description=_("does mail go to this address"))
    def address_closed(self, letter: Letter) -> SafeString | str:
        closed = Suppression.objects.in_force().filter(address=letter.address).first()
        if closed is None:
            return gettext("yes")
        url = reverse("admin:notifications_suppression_change", args=[closed.pk])
        return format_html('<a class="desk-link" href="{}">{}</a>', url, gettext("No: its mailbox does not exist."))

    @display(description=_("recipient"))
    def recipient(self, letter: Letter) -> str:
        return f"{letter.recipient_name} <{letter.recipient_email}>" if letter.recipient_name else letter.recipient_email

    @display(description=_("preview"))
    def preview(self, letter: Letter) -> SafeString | str:
        return letter_frame(letter)

    @display(description=_("text"))
    def shown_text(self, letter: Letter) -> SafeString | str:
        if letter.is_secret:
            return "—"
        return format_html('<div style="white-space:pre-wrap;overflow-wrap:anywhere">{}</div>', letter.text)

    @action(description=_("Hold back: keep from leaving"), permissions=["handle"])
    def hold(self, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
        return ask_or_take(self, request, queryset, "hold")

    @action(description=_("Release what is held back"), permissions=["handle"])
    def release(self, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
        return ask_or_take(self, request, queryset, "release")

    @action(description=_("Drop: never send"), permissions=["handle"])
    def drop(self, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
        return ask_or_take(self, request, queryset, "drop")

    @action(description=_("Send again what failed or came back"), permissions=["handle"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> HttpResponse | None:
        return ask_or_take(self, request, queryset, "send_again")
