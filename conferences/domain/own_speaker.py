"""What people on the programme do for themselves: answer, say who they are, when they can come and how, and hand in slides.

Every change is noted with who made it, for the desk. Who calls has made sure that it is the person.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from api import files
from api.file_kinds import FileKind
from api.problems import Conflict, Invalid, field_error
from api.text import clean_line, clean_text
from conferences.domain import photos, speaker_letters
from conferences.domain.draft import Span, draft_days, merged
from conferences.enums import SpeakerAnswer, TravelState, VisaState
from conferences.models import Availability, Conference, Session, Speaker, SpeakerChange, SpeakerSlides

COLUMNS = ("ru", "zh_hans", "en")
LINES = tuple(f"{name}_{language}" for name in ("name", "title", "organisation") for language in COLUMNS)
BIOGRAPHIES = tuple(f"biography_{language}" for language in COLUMNS)
CHOSEN = ("travel", "visa", "language", "time_zone")
MOST_VERSIONS = 30  # of one person's slides for one session: nobody fills the disk
MOST_TIMES = 40
SLIDES = (FileKind.PDF, FileKind.PPTX)


class TooManySlides(Conflict):
    code = "too_many_slides"


@transaction.atomic
def confirm(*, speaker_id: int, by: User | None, now: datetime) -> Speaker:
    """The person comes. Confirmed twice is once; who declined before may confirm."""
    speaker = locked(speaker_id)
    if speaker.answer != SpeakerAnswer.CONFIRMED:
        _answer(speaker, SpeakerAnswer.CONFIRMED, "", by=by, now=now)
    return speaker


@transaction.atomic
def decline(*, speaker_id: int, reason: str, by: User | None, now: datetime) -> Speaker:
    """The person does not come; those who change the programme are told why, but for the one who wrote it down. Raises Invalid."""
    reason = clean_text(reason).strip()
    if not reason:
        raise Invalid([field_error("/reason", "required", _("Say in a few words why."))])
    if len(reason) > 1000:
        raise Invalid([field_error("/reason", "max_length", _("At most %(count)d characters.") % {"count": 1000})])
    speaker = locked(speaker_id)
    if (speaker.answer, speaker.reason) != (SpeakerAnswer.DECLINED, reason):
        _answer(speaker, SpeakerAnswer.DECLINED, reason, by=by, now=now)
        speaker_letters.write_declined(speaker, by=by)
    return speaker


@transaction.atomic
def reopen(*, speaker_id: int, by: User | None, now: datetime) -> Speaker:
    """Nothing is answered yet: somebody wrote down an answer that was none."""
    speaker = locked(speaker_id)
    if speaker.answer != SpeakerAnswer.OPEN:
        _answer(speaker, SpeakerAnswer.OPEN, "", by=by, now=now)
    return speaker


@transaction.atomic
def update(*, speaker_id: int, values: dict[str, Any], by: User | None, now: datetime) -> Speaker:
    """Change what the person says of themselves: LINES, BIOGRAPHIES and CHOSEN by column. Raises Invalid with pointers."""
    speaker = locked(speaker_id)
    new = {name: _cleaned(name, value) for name, value in values.items()}
    before = {name: getattr(speaker, name) or "" for name in new}
    changed = {name: value for name, value in new.items() if value != before[name]}
    _check(speaker, changed)
    if changed:
        speaker.save(update_fields=list(changed))
        _note(speaker, {name: (before[name], value) for name, value in changed.items()}, by=by, now=now)
    return speaker


@transaction.atomic
def set_times(*, speaker_id: int, times: Iterable[Span], by: User | None, now: datetime) -> list[Span]:
    """Say when the person can come, in place of what was said before; no times at all: always. Raises Invalid."""
    speaker = locked(speaker_id)
    given = list(times)
    _check_times(speaker.conference, given)
    new = merged(given)
    before = list(speaker.availabilities.order_by("starts_at").values_list("starts_at", "ends_at"))
    if new != before:
        speaker.availabilities.all().delete()
        Availability.objects.bulk_create(Availability(speaker=speaker, starts_at=starts, ends_at=ends) for starts, ends in new)
        _note(speaker, {"availability": (_times_text(speaker, before), _times_text(speaker, new))}, by=by, now=now)
    return new


@transaction.atomic
def set_photo(*, speaker_id: int, file: File | None, by: User | None, now: datetime) -> Speaker:
    """Give the person a photo, or none. Raises PhotoRefused, and then nothing has changed."""
    jpeg = photos.read_photo(file) if file is not None else b""
    speaker = locked(speaker_id)
    before = "+" if speaker.photo else ""
    if before or jpeg:
        photos.replace_photo(speaker, jpeg)
        _note(speaker, {"photo": (before, "+" if jpeg else "")}, by=by, now=now)
    return speaker


@transaction.atomic
def upload_slides(*, speaker_id: int, session_id: int, file: Any, by: User | None, now: datetime) -> SpeakerSlides:
    """Hand in the next version of the slides for a session of the person's own. Raises Invalid, FileRefused, TooManySlides."""
    speaker = locked(speaker_id)
    session = own_session(speaker, pk=session_id)
    versions = SpeakerSlides.objects.filter(speaker=speaker, session=session)
    latest = versions.order_by("-version").values_list("version", flat=True).first() or 0
    if versions.count() >= MOST_VERSIONS:
        raise TooManySlides(_("There are %(count)d versions already, which is the most there can be.") % {"count": MOST_VERSIONS})
    stored = files.keep(file, kinds=SLIDES, by=by, now=now)
    slides = SpeakerSlides.objects.create(speaker=speaker, session=session, file=stored, version=latest + 1, uploaded_at=now)
    _note(speaker, {"slides": (f"{session.code}: {latest or '–'}", f"{session.code}: {slides.version}")}, by=by, now=now)
    return slides


def own_session(speaker: Speaker, **which: Any) -> Session:
    """The session ``which`` names by a column, if the person is in it and it is not cancelled. Raises Invalid."""
    session = Session.objects.filter(**which, conference=speaker.conference_id, cancelled_at=None, participations__speaker=speaker).first()
    if session is None:
        raise Invalid([field_error("/session", "unknown_session", _("You are not in this session."))])
    return session


def slides_of(speaker: Speaker) -> list[SpeakerSlides]:
    """The latest first, session by session. One query."""
    rows = SpeakerSlides.objects.filter(speaker=speaker).select_related("file", "session")
    return list(rows.order_by("session", "-version"))


def locked(speaker_id: int) -> Speaker:
    """The person with conference, site and fair, locked to the end of the transaction."""
    rows = Speaker.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("conference__fair", "conference__site").get(pk=speaker_id)


def choices_for(speaker: Speaker) -> dict[str, list[str]]:
    """What the person may say of journey and visa; what staff have written is kept."""
    return {
        "travel": [value for value in TravelState.values if value in (*TravelState.own, speaker.travel)],
        "visa": [value for value in VisaState.values if value in (*VisaState.own, speaker.visa)],
    }


def _answer(speaker: Speaker, answer: SpeakerAnswer, reason: str, *, by: User | None, now: datetime) -> None:
    before = speaker.answer
    speaker.answer, speaker.reason = answer, reason
    speaker.answered_at = None if answer == SpeakerAnswer.OPEN else now
    speaker.save(update_fields=["answer", "answered_at", "reason"])
    _note(speaker, {"answer": (before, answer.value)}, by=by, now=now)


def _cleaned(name: str, value: str) -> str:
    return clean_text(value).strip() if name in BIOGRAPHIES else clean_line(value) if name in LINES else value


def _check(speaker: Speaker, changed: dict[str, str]) -> None:
    """Whether the changed values may be; they are set on the speaker."""
    kept = choices_for(speaker)
    for name, value in changed.items():
        setattr(speaker, name, value)
    errors = []
    try:
        speaker.clean_fields(exclude=[field.name for field in Speaker._meta.fields if field.name not in changed])
    except ValidationError as error:
        errors += [field_error(f"/{name}", "invalid", " ".join(texts)) for name, texts in error.message_dict.items()]
    errors += [
        field_error(f"/{name}", "invalid_choice", _("Choose one of: %(names)s.") % {"names": ", ".join(kept[name])})
        for name in ("travel", "visa")
        if name in changed and changed[name] not in kept[name]
    ]
    if not any(getattr(speaker, f"name_{language}") for language in COLUMNS):
        errors.append(field_error("/name_en", "required", _("Write it in one language at the least.")))
    if errors:
        raise Invalid(errors)


def _check_times(conference: Conference, times: list[Span]) -> None:
    days = draft_days(conference)
    first, last = min(day.opens_at for day in days) - timedelta(days=1), max(day.closes_at for day in days) + timedelta(days=1)
    errors = []
    if len(times) > MOST_TIMES:
        errors.append(field_error("/availability", "max_length", _("At most %(count)d times.") % {"count": MOST_TIMES}))
    for number, (starts_at, ends_at) in enumerate(times[:MOST_TIMES]):
        if ends_at <= starts_at:
            errors.append(field_error(f"/availability/{number}/ends_at", "order", _("It ends before it starts.")))
        elif starts_at < first or ends_at > last:
            errors.append(field_error(f"/availability/{number}", "outside", _("This is not on the days of the conference.")))
    if errors:
        raise Invalid(errors)


def _times_text(speaker: Speaker, times: list[Span]) -> str:
    zone = speaker.conference.fair.zone
    return "; ".join(f"{starts.astimezone(zone):%Y-%m-%d %H:%M} – {ends.astimezone(zone):%Y-%m-%d %H:%M}" for starts, ends in times)


def _note(speaker: Speaker, differences: dict[str, tuple[str, str]], *, by: User | None, now: datetime) -> None:
    rows = ((what, before, after) for what, (before, after) in differences.items())
    SpeakerChange.objects.bulk_create(SpeakerChange(speaker=speaker, what=w, before=b, after=a, by=by, at=now) for w, b, a in rows)
