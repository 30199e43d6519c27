"""A delegate's own page, under the signed link of the letters: how the registration stands, and the way to answer or to cancel."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import clock
from api.problems import Refused
from api.text import sentences as joined
from conferences.domain import delegates, own, passes, sign_ups
from conferences.enums import DelegateStatus, SignUpStatus
from conferences.models import Conference, Delegate, Session, SignUp
from notifications import moments

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}
_STEPS = {"confirm": delegates.confirm, "cancel": delegates.cancel}
_STEPS_IN_A_SESSION = {"take-seat": sign_ups.confirm, "withdraw": sign_ups.withdraw}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_page(request: HttpRequest, conference: str, word: str) -> HttpResponse:
    """404 for a word of nobody's. A registration that has ended is still shown, with nothing to do about it."""
    delegate = delegate_of(conference, word)
    with override(delegate.language):
        if request.method != "POST":
            return _page(request, delegate)
        try:
            _take_step(delegate, request.POST)
        except Refused as refusal:
            return _page(request, delegate, said=str(refusal), status=refusal.status)
        return HttpResponseRedirect(request.path)


def _take_step(delegate: Delegate, posted: QueryDict) -> None:
    """About the registration, or about the place in one session; nothing for a step that there is not."""
    name, now = posted.get("step", ""), clock.now()
    if name in _STEPS:
        _STEPS[name](delegate_id=delegate.pk, by=None, now=now)
    elif name in _STEPS_IN_A_SESSION:
        _STEPS_IN_A_SESSION[name](delegate_id=delegate.pk, codes=[posted.get("session", "")], now=now)


@never_cache
@require_safe
def pass_picture(request: HttpRequest, conference: str, word: str, kind: Literal["svg", "png"]) -> HttpResponse:
    """The QR code of the delegate's pass. 404 for a word of nobody's, and for who has no confirmed place."""
    try:
        content = passes.picture_of(delegate_of(conference, word), kind=kind)
    except passes.NoPass:
        raise Http404 from None
    return HttpResponse(content, content_type=PICTURES[kind])


def delegate_of(conference: str, word: str) -> Delegate:
    """Whose word it is, with the conference and its fair; else Http404."""
    found = get_object_or_404(Conference.objects.public().select_related("fair", "site"), slug=conference)
    delegate = Delegate.objects.filter(own.owner_of(word), conference=found).first()
    if delegate is None:
        raise Http404
    delegate.conference = found
    return delegate


def _page(request: HttpRequest, delegate: Delegate, *, said: str = "", status: int = 200) -> HttpResponse:
    seats = sign_ups.shown_to(delegate, now=clock.now())
    others = sign_ups.at_the_same_time(seats)
    context = {
        "delegate": delegate,
        "conference": delegate.conference,
        "days": moments.written_days(delegate.conference.starts_on, delegate.conference.ends_on, language=delegate.language),
        "standing": standing_of(delegate),
        "is_open": is_open(delegate),
        "is_living": delegate.status in DelegateStatus.living,
        "pass_code": passes.code_of(delegate) if passes.has_pass(delegate) else "",
        "seats": [seat_of(one, delegate, others.get(one.pk, ())) for one in seats],
        "said": said,
    }
    response = TemplateResponse(request, "conferences/delegate.html", context, status=status)
    return response.render()  # while the delegate's language holds


def is_open(delegate: Delegate) -> bool:
    """Whether the delegate is to confirm, or to accept."""
    if delegate.status == DelegateStatus.OFFERED:
        return True
    return delegate.status in DelegateStatus.living and not delegate.confirmed_at


def standing_of(delegate: Delegate) -> str:
    """How the registration stands, in a sentence."""
    facts: dict[str, Any] = {"until": _written(delegate.confirm_by, delegate), "reason": delegate.reason}
    if delegate.status == DelegateStatus.RESERVED and not delegate.confirmed_at and delegate.confirm_by:
        return _("A place is reserved for you. Confirm it until %(until)s; then it goes to the next who waits.") % facts
    sentences = {
        DelegateStatus.APPLIED: _("The organisers will decide on your registration and write to you."),
        DelegateStatus.RESERVED: _("Your place is confirmed. We look forward to seeing you."),
        DelegateStatus.WAITING: _("You are on the waiting list: we will write to you as soon as a place comes free."),
        DelegateStatus.OFFERED: _("A place has come free for you. Accept it until %(until)s; then it goes to the next who waits.") % facts,
        DelegateStatus.LAPSED: _("Your registration has lapsed, because it was not confirmed in time. You may register again."),
        DelegateStatus.CANCELLED: _("Your registration is cancelled. You may register again."),
        DelegateStatus.REFUSED: _("The organisers could not take you as a delegate. The reason: %(reason)s") % facts,
    }
    sentence = sentences[DelegateStatus(delegate.status)]
    if delegate.status in (DelegateStatus.APPLIED, DelegateStatus.WAITING) and not delegate.confirmed_at:
        return joined(sentence, _("Please confirm that this address is yours."))
    return sentence


def seat_of(one: SignUp, delegate: Delegate, others: Iterable[Session]) -> dict[str, Any]:
    """A session that the delegate has signed up for, how that stands, in a sentence, and the ``others`` at the same time."""
    sentences = {
        SignUpStatus.RESERVED: _("You have a place."),
        SignUpStatus.OFFERED: _("A place has come free for you. Accept it until %(until)s; then it goes to the next who waits.")
        % {"until": _written(one.confirm_by, delegate)},
        SignUpStatus.WAITING: _("You are on the waiting list: we will write to you as soon as a place comes free."),
    }
    return {
        "code": one.session.code,
        "title": str(one.session.title),
        "starts_at": _written(one.session.starts_at, delegate),
        "standing": sentences[SignUpStatus(one.status)],
        "is_offered": one.status == SignUpStatus.OFFERED,
        "others": [str(other.title) for other in others],
    }


def _written(moment: datetime | None, delegate: Delegate) -> str:
    if moment is None:
        return ""
    fair_zone = delegate.conference.fair.time_zone
    reader_zone = delegate.time_zone or fair_zone
    return moments.moment_in_zones(moment, fair_zone=fair_zone, reader_zone=reader_zone, language=delegate.language)
