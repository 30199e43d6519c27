"""The outbox at the desk: to be read, never to be edited."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from notifications import access, outbox
from notifications.models import Letter


@admin.register(Letter)
class LetterAdmin(ModelAdmin):
    """Who was told what, and whether it arrived at the mail server. The body of a secret letter is shown to nobody."""

    list_display = ["created_at", "subject", "recipient_email", "shown_status", "sent_at"]
    list_display_links = ["created_at", "subject"]
    list_filter = ["status", "occasion", "language", "is_secret"]
    search_fields = ["recipient_email", "recipient_name", "subject", "=about"]
    date_hierarchy = "created_at"
    list_per_page = 50
    list_fullwidth = True
    compressed_fields = False
    list_filter_submit = True
    search_help_text = _("Address, name or subject")
    show_full_result_count = False
    actions = ["send_again"]
    fieldsets: Any = [
        (None, {"fields": ["subject", ("recipient", "status"), "reply_to", "last_error"]}),
        (_("Letter"), {"fields": ["preview", "shown_text"]}),
        (_("Occasion"), {"fields": [("occasion", "about"), ("fair", "user"), ("language", "time_zone"), "key"]}),
        (
            _("Delivery"),
            {
                "fields": [
                    ("created_at", "due_at", "sent_at"),
                    ("next_attempt_at", "claimed_until"),
                    ("attempts", "lost_attempts"),
                    "message_id",
                ]
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        return access.letters_seen_by(request.user).defer("sealed").select_related("user", "fair")

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        """By what the list offers and by nothing else, as on the pages of the apps above: Django lets the sealed body be asked about."""
        return lookup.partition("__")[0] in (*self.list_filter, self.date_hierarchy)

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

    def has_send_again_permission(self, request: HttpRequest) -> bool:
        return access.may_send_letters_again(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Letter | None = None) -> list[str]:
        return flatten_fieldsets(self.fieldsets)

    @display(
        description=_("status"),
        ordering="status",
        label={"sent": "success", "failed": "danger", "waiting": "warning", "queued": "info", "sending": "info", "cancelled": None},
    )
    def shown_status(self, letter: Letter) -> tuple[str, str]:
        return letter.status, letter.get_status_display()

    @display(description=_("recipient"))
    def recipient(self, letter: Letter) -> str:
        return f"{letter.recipient_name} <{letter.recipient_email}>" if letter.recipient_name else letter.recipient_email

    @display(description=_("preview"))
    def preview(self, letter: Letter) -> SafeString | str:
        if letter.is_secret:
            return gettext("Secret: the letter holds a code or a signed link, which only its reader sees.")
        # sandbox without any right: no script, no form, no way out of the frame
        return format_html(
            '<iframe sandbox="" srcdoc="{}" title="{}" style="width:100%;max-width:640px;height:640px;border:1px solid #d0d5dd;'
            'border-radius:6px;background:#fff"></iframe>',
            letter.html,
            letter.subject,
        )

    @display(description=_("text"))
    def shown_text(self, letter: Letter) -> SafeString | str:
        if letter.is_secret:
            return "—"
        return format_html('<div style="white-space:pre-wrap;overflow-wrap:anywhere">{}</div>', letter.text)

    @admin.action(description=_("Send again"), permissions=["send_again"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Letter]) -> None:
        selected = queryset.count()
        # Whoever sees the letters of several fairs may send again those of some: the others stay as they are.
        allowed = access.letters_sent_again_by(request.user).values("pk")
        chosen: list[int] = list(queryset.filter(pk__in=allowed).values_list("pk", flat=True))
        count = sum(outbox.send_again(letter_id=pk) for pk in chosen)
        if count:
            text = ngettext("%(count)d letter is queued again.", "%(count)d letters are queued again.", count)
            self.message_user(request, text % {"count": count}, messages.SUCCESS)
        if count < selected:
            self.message_user(request, _("Only failed letters without a secret can be sent again."), messages.WARNING)
