"""Addresses that get no mail any more, and the way back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import flatten_fieldsets
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from notifications import access, suppressions
from notifications.admin.confirm_all import Line, confirmation, confirmed_by
from notifications.admin.letter_filters import InForceFilter
from notifications.admin.shown_moments import moment_column
from notifications.models import LetterQuerySet, Suppression


@admin.register(Suppression)
class SuppressionAdmin(ModelAdmin):
    """Staff see the addresses that a letter which they see was written to."""

    list_display = ["address", "shown_state", "shown_reason", "noted"]
    list_filter = [InForceFilter, "reason"]
    search_fields = ["address"]
    search_help_text = _("Address")
    list_per_page = 50
    list_fullwidth = True
    list_filter_submit = True
    show_full_result_count = False
    compressed_fields = False
    actions = ["lift"]
    fieldsets: Any = [(None, {"fields": ["address", ("shown_reason", "noted"), "answer", "letters", ("lifted", "lifted_by")]})]

    noted = moment_column("since", pgettext_lazy("suppression", "since"))
    lifted = moment_column("lifted_at", pgettext_lazy("suppression", "lifted"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Suppression]:
        rows: QuerySet[Suppression] = super().get_queryset(request)
        return _of_letters(rows, access.letters_seen_by(request.user), request)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        return lookup.partition("__")[0] in ("reason", InForceFilter.parameter_name) and super().lookup_allowed(lookup, value, request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return access.may_see_letters(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return access.may_see_letters(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Suppression | None = None) -> bool:
        return False

    def has_handle_permission(self, request: HttpRequest) -> bool:
        return access.may_handle_letters(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: Suppression | None = None) -> list[str]:
        return flatten_fieldsets(self.fieldsets)

    @display(description=_("state"), label={"closed": "danger", "lifted": "success"})
    def shown_state(self, row: Suppression) -> tuple[str, Any]:
        return ("lifted", _("lifted: mail goes again")) if row.lifted_at else ("closed", _("no mail goes"))

    @admin.display(description=_("reason"), ordering="reason")
    def shown_reason(self, row: Suppression) -> str:
        return row.get_reason_display()

    @admin.display(description=_("letters to this address"))
    def letters(self, row: Suppression) -> str:
        url = f"{reverse('admin:notifications_letter_changelist')}?q={row.address}"
        return format_html('<a class="desk-link" href="{}">{}</a>', url, row.address)

    @action(description=_("Lift: let mail go to these addresses again"), permissions=["handle"])
    def lift(self, request: HttpRequest, queryset: QuerySet[Suppression]) -> HttpResponse | None:
        mine = _of_letters(queryset.all(), access.letters_handled_by(request.user), request)
        shown = confirmed_by(request)
        if shown is None:
            lines = [
                Line(
                    number=row.pk,
                    name=row.address,
                    url="",
                    state=row.get_reason_display(),
                    reason=str(_("Lifted already.")) if row.lifted_at else "",
                )
                for row in mine
            ]
            consequence = _(
                "Mail goes to these addresses again. Letters that failed meanwhile stay so: send them again where they still matter."
            )
            return confirmation(self, request, lines, consequence=consequence)
        # What the page named, as far as the reader may lift it.
        named = _of_letters(Suppression.objects.filter(pk__in=shown), access.letters_handled_by(request.user), request)
        done = [row for row in named if suppressions.lift(suppression_id=row.pk, by=request.user, now=timezone.now())]
        for row in done:
            self.log_change(request, row, str(_("Lifted")))
        text = ngettext("Mail goes to %(count)d address again.", "Mail goes to %(count)d addresses again.", len(done))
        messages.success(request, text % {"count": len(done)})
        return None


def _of_letters(rows: QuerySet[Suppression], letters: LetterQuerySet, request: HttpRequest) -> QuerySet[Suppression]:
    if request.user.is_superuser:  # type: ignore[union-attr]
        return rows
    return rows.filter(Exists(letters.filter(address=OuterRef("address"))))
