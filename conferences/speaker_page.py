"""The own page of somebody on the programme, under the link of a letter: sessions, the answer, and what the person tells and hands in."""

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

import clock
from api.file_links import answer_with
from api.problems import Refused
from api.uploads import LARGEST_FILE_MB
from conferences.domain import own_speaker, photos
from conferences.domain.speaker_letters import parts_of, place_of
from conferences.domain.speaker_links import LinkUnknown, speaker_with
from conferences.models import Conference, Speaker
from conferences.speaker_forms import DeclineForm, FileForm, ProfileForm, TimesForm, TravelForm
from notifications import moments

Forms = dict[str, Any]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def speaker_page(request: HttpRequest, conference: str, word: str) -> HttpResponse:
    """404 for a link of nobody's, one that is too old or was revoked."""
    speaker = _speaker(conference, word)
    with override(speaker.language), timezone.override(speaker.conference.fair.zone):
        forms, step = _forms(request, speaker), request.POST.get("step", "")
        if request.method == "POST" and step in _STEPS:
            if _is_done(request, speaker, forms, step):
                return HttpResponseRedirect(f"{request.path}?done={step}#{_PLACES.get(step, step)}")
            return _page(request, speaker, forms, word=word, failed=step)
        return _page(request, speaker, forms, word=word)


@never_cache
@require_safe
def slides_file(request: HttpRequest, conference: str, word: str, pk: int) -> HttpResponse:
    """One version of the own slides; anybody else's are not there."""
    slides = _speaker(conference, word).slides.select_related("file").filter(pk=pk).first() if pk < 2**62 else None
    if slides is None:
        raise Http404
    return answer_with(slides.file)


def _speaker(slug: str, word: str) -> Speaker:
    found = get_object_or_404(Conference.objects.public().select_related("fair", "site"), slug=slug)
    try:
        return speaker_with(word, conference=found, now=clock.now())
    except LinkUnknown as error:
        raise Http404 from error


def _forms(request: HttpRequest, speaker: Speaker) -> Forms:
    """Those of the page; the one that was sent has what was typed."""
    step = request.POST.get("step", "")

    def data(name: str) -> dict[str, Any]:
        return {"data": request.POST, "files": request.FILES} if step == name else {}

    times = [(one.starts_at, one.ends_at) for one in speaker.availabilities.order_by("starts_at")]
    return {
        "profile": ProfileForm(**data("profile"), speaker=speaker),
        "travel": TravelForm(**data("travel"), speaker=speaker),
        "times": TimesForm(**data("times"), conference=speaker.conference, times=times),
        "decline": DeclineForm(**data("decline")),
        "photo": FileForm(**data("photo")),
        "slides": FileForm(**data("slides")),
    }


def _is_done(request: HttpRequest, speaker: Speaker, forms: Forms, step: str) -> bool:
    """Take the step; a refusal goes into its form."""
    form = forms.get(step)
    if form is not None and not form.is_valid():
        return False
    try:
        _STEPS[step](speaker, form)
    except Refused as refusal:
        if form is not None:
            form.refuse(refusal)
    return form is None or not form.errors


def _by(speaker: Speaker) -> dict[str, Any]:
    return {"speaker_id": speaker.pk, "by": None, "now": clock.now()}


def _set_times(speaker: Speaker, form: TimesForm) -> None:
    times = form.times()
    if not form.errors:
        own_speaker.set_times(times=times, **_by(speaker))


_STEPS: dict[str, Callable[[Speaker, Any], Any]] = {
    "confirm": lambda speaker, form: own_speaker.confirm(**_by(speaker)),
    "decline": lambda speaker, form: own_speaker.decline(reason=form.cleaned_data["reason"], **_by(speaker)),
    "profile": lambda speaker, form: own_speaker.update(values=form.cleaned_data, **_by(speaker)),
    "travel": lambda speaker, form: own_speaker.update(values=form.cleaned_data, **_by(speaker)),
    "times": _set_times,
    "photo": lambda speaker, form: own_speaker.set_photo(file=form.cleaned_data["file"], **_by(speaker)),
    "no_photo": lambda speaker, form: own_speaker.set_photo(file=None, **_by(speaker)),
    "slides": lambda speaker, form: own_speaker.upload_slides(
        session_id=form.cleaned_data["session"] or 0, file=form.cleaned_data["file"], **_by(speaker)
    ),
}
_PLACES = {"confirm": "answer", "decline": "answer", "no_photo": "photo"}


def _page(request: HttpRequest, speaker: Speaker, forms: Forms, *, word: str, failed: str = "") -> HttpResponse:
    conference = speaker.conference
    done = request.GET.get("done", "") if request.method == "GET" else ""
    context = {
        "speaker": speaker,
        "conference": conference,
        "days": moments.written_days(conference.starts_on, conference.ends_on, language=speaker.language),
        "sessions": _sessions(speaker),
        "forms": forms,
        "word": word,
        "photo_name": PurePosixPath(speaker.photo.name or "").name,
        "failed": failed,
        "done": _PLACES.get(done, done) if done in _STEPS else "",
        "failed_session": request.POST.get("session", "") if failed == "slides" else "",
        "zone": moments.city_of(conference.fair.time_zone, language=speaker.language),
        "photo_mb": photos.LARGEST_FILE // 1024 // 1024,
        "slides_mb": LARGEST_FILE_MB,
        "answer": _answer(speaker),
    }
    response = TemplateResponse(request, "conferences/speaker.html", context, status=400 if failed else 200)
    return response.render()  # while the person's language holds


def _answer(speaker: Speaker) -> str:
    """What was answered, in a sentence."""
    if speaker.answer == "confirmed":
        return _("You have confirmed that you come. Thank you!")
    if speaker.answer == "declined":
        return _("You have declined: %(reason)s") % {"reason": speaker.reason}
    return _("Please tell the organisers whether you come.")


def _sessions(speaker: Speaker) -> list[dict[str, Any]]:
    """Each session once, with the roles of the person and the slides, in order of time."""
    fair_zone = speaker.conference.fair.time_zone
    slides = own_speaker.slides_of(speaker)
    found: dict[int, dict[str, Any]] = {}
    for part in parts_of(speaker):
        row = found.setdefault(
            part.session_id,
            {
                "session": part.session,
                "place": place_of(part, fair_zone=fair_zone, reader_zone=speaker.time_zone or fair_zone),
                "roles": [],
                "slides": [one for one in slides if one.session_id == part.session_id],
            },
        )
        row["roles"].append(part.get_role_display())
    return list(found.values())
