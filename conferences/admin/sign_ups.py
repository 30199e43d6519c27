"""Who has signed up for a session, on its page and in the list of delegates."""

from collections import Counter
from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from api.text import labelled
from conferences.domain.sign_ups import seats_of
from conferences.enums import SignUpStatus
from conferences.models import Delegate, Session, SignUp
from fairs import access
from fairs.admin.base import link
from fairs.roles import Right

PARAMETER = "session"


class SessionFilter(admin.SimpleListFilter):
    """The delegates of one session with sign-ups: those who have a place in it, are offered one, or wait for one."""

    title = _("session")
    parameter_name = PARAMETER

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        user: Any = request.user
        seen = access.within(user, Right.VIEW_DELEGATES, fair="conference__fair")
        taking = Session.objects.filter(seen, sign_ups__isnull=False).distinct().order_by("starts_at", "pk")
        return [
            (_value(session, status), labelled(session.title or session.code, status.label))
            for session in taking
            for status in SignUpStatus
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delegate]) -> QuerySet[Delegate]:
        number, _hyphen, status = (self.value() or "").partition("-")
        if not (number.isascii() and number.isdigit() and len(number) <= 18):
            return queryset
        return queryset.filter(pk__in=SignUp.objects.filter(session=int(number), status=status).values("delegate"))


def sign_ups_panel(session: Session) -> SafeString | str:
    """How many have a place, are offered one, and wait, each a list. One query."""
    if not session.pk or not session.takes_sign_ups:
        return "–"
    rows = SignUp.objects.filter(session=session).order_by().values_list("status").annotate(Count("pk"))
    counts, seats = Counter(dict(rows)), seats_of(session)
    taken, offered, waiting = counts[SignUpStatus.RESERVED], counts[SignUpStatus.OFFERED], counts[SignUpStatus.WAITING]
    said = [
        (SignUpStatus.RESERVED, gettext("%(taken)s of %(places)s places are taken") % {"taken": taken, "places": seats}),
        (SignUpStatus.WAITING, ngettext("%(count)s waits", "%(count)s wait", waiting) % {"count": waiting}),
    ]
    if offered:
        said.insert(1, (SignUpStatus.OFFERED, ngettext("%(count)s is offered", "%(count)s are offered", offered) % {"count": offered}))
    return format_html_join(" · ", "{}", ((_linked(session, status, text) if counts[status] else text,) for status, text in said))


def _linked(session: Session, status: SignUpStatus, text: str) -> str:
    return link(f"{reverse('admin:conferences_delegate_changelist')}?{PARAMETER}={_value(session, status)}", text)


def _value(session: Session, status: SignUpStatus) -> str:
    return f"{session.pk}-{status}"
