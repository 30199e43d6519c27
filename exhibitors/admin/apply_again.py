"""Apply for another fair at the desk: a draft from an earlier application, and what of it was and was not taken over."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget

import clock
from accounts.models import User
from api.problems import Refused
from exhibitors.domain import steps
from exhibitors.domain.apply_again import Copied, apply_again
from exhibitors.domain.seen_state import SEEN, SomebodyWasFirst, require_seen, state_of
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, Company
from fairs import access
from fairs.models import Fair
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin


class AnotherFairForm(forms.Form):
    """``fair`` is one that the reader enters applications at, that is not over, and that the company has not applied to."""

    fair = forms.ModelChoiceField(label=gettext_lazy("Fair"), queryset=Fair.objects.none(), widget=UnfoldAdminSelectWidget)

    def __init__(self, *args: Any, fairs: QuerySet[Fair], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["fair"]
        field.queryset = fairs
        field.initial = fairs.first()


def apply_again_url(source: Application) -> str:
    return reverse("admin:exhibitors_application_apply_again", args=[source.pk])


def last_application(company: Company, reader: User) -> Application | None:
    """The latest one that ``reader`` may draft another from."""
    own = access.within(reader, Right.EDIT_APPLICATIONS, fair="fair")
    return company.applications.filter(own).order_by("-fair__starts_on", "-pk").first()


def apply_again_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Choose the fair; then the draft, with what it has and what it lacks. The rights at both fairs are needed."""
    source = page.get_object(request, object_id)
    if source is None:
        raise Http404
    user: Any = request.user
    if not access.has_right(user, fair_id=source.fair_id, right=Right.EDIT_APPLICATIONS):
        raise PermissionDenied
    fairs = _fairs_for(source, user)
    form = AnotherFairForm(request.POST or None, fairs=fairs)
    copied = _copied(form, source, user, seen=request.POST.get(SEEN, "")) if request.method == "POST" else None
    context = {
        **page.admin_site.each_context(request),
        "title": _("Apply for another fair"),
        "opts": page.opts,
        "application": source,
        "seen": _state_of(source, user),
        "form": form,
        "has_fairs": fairs.exists(),
        "back": reverse("admin:exhibitors_application_change", args=[source.pk]),
        "copied": copied,
    }
    if copied:
        context |= {
            "draft_url": reverse("admin:exhibitors_application_change", args=[copied.application.pk]),
            "taken": [(label, count) for label, count in _taken(copied.application) if count],
        }
    return TemplateResponse(request, "admin/exhibitors/application/apply_again.html", context)


def _fairs_for(source: Application, user: User) -> QuerySet[Fair]:
    applied = Application.objects.filter(company=source.company_id).exclude(told_status__in=ApplicationStatus.ended)
    fairs = access.fairs_with(user, Right.EDIT_APPLICATIONS).exclude(pk__in=[source.fair_id, *applied.values_list("fair", flat=True)])
    return fairs.lasting(clock.now()).order_by("starts_on", "pk")


def _copied(form: AnotherFairForm, source: Application, user: User, *, seen: str) -> Copied | None:
    """The draft, unless the application or the company's others have changed since the page was shown: the news then."""
    try:
        with transaction.atomic():
            _require_seen(steps.locked(source.pk), user, seen)
            if not form.is_valid():
                return None
            return apply_again(source=source, fair=form.cleaned_data["fair"], by=user, now=clock.now(), as_staff=True)
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            form.add_error(None, str(error["detail"]))
        return None


def _state_of(source: Application, user: User) -> str:
    """What the page shows, in short: it changes with every step of the application and every one that the company gets."""
    newest = _newest(source, user)
    return f"{state_of(source)}.{newest.pk if newest else 0}"


def _newest(source: Application, user: User) -> Application | None:
    own = access.within(user, Right.EDIT_APPLICATIONS, fair="fair")
    return Application.objects.filter(own, company=source.company_id).select_related("fair").order_by("-pk").first()


def _require_seen(source: Application, user: User, seen: str) -> None:
    if not seen or seen == _state_of(source, user):
        return
    require_seen(source, seen.rpartition(".")[0])
    newest = _newest(source, user)
    text = _("Meanwhile an application of this company for “%(fair)s” was made. Look again before you draft another.")
    raise SomebodyWasFirst(text % {"fair": newest.fair if newest else "–"})


def _taken(draft: Application) -> list[tuple[str, int]]:
    """How many rows of each kind the draft has."""
    return [
        (_("product categories"), draft.categories.count()),
        (_("sites wished"), draft.site_wishes.count()),
        (_("neighbours wished or not"), draft.neighbour_wishes.count()),
        (_("answers"), draft.answers.count()),
        (_("products"), draft.products.count()),
        (_("represented companies"), draft.represented_companies.count()),
    ]
