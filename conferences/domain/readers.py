"""What a reader may see of conferences: strangers the public programme, staff also drafts and sessions kept confidential."""

from functools import cache
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet

from api.statements import RowStatement
from conferences.models import Conference, Participation, Session, SessionHost, Speaker
from fairs import access
from fairs.enums import FairStatus
from fairs.models import PublicRevision
from fairs.roles import Right


def conferences_seen_by(user: Any) -> QuerySet[Conference]:
    """Those of published and past fairs; of drafts only for their own staff."""
    if not user.is_authenticated:
        return Conference.objects.public()
    if user.is_superuser:
        return Conference.objects.all()
    return Conference.objects.filter(~Q(fair__status=FairStatus.DRAFT) | access.within(user, Right.VIEW_CONFERENCE, fair="fair"))


def exported_conference(user: Any, slug: str) -> Conference | None:
    """The conference with what its exports need of site, fair and revision, if ``user`` may know of it. One query."""
    if user.is_authenticated:
        return conferences_seen_by(user).select_related(*_EXPORTED).filter(slug=slug).first()
    return _public_by_slug().first({_SLUG: slug})


def public_revision(slug: str) -> int | None:
    """The number of what everybody may see of the conference (docs/adr/0007); None when there is no such public one. One short query."""
    found = _revision_by_slug().first({_SLUG: slug})
    return found.number if found else None


_SLUG = "~slug~"  # no slug: it stands for the one that is asked for
_EXPORTED = ("fair__public_revision", "site")


@cache
def _revision_by_slug() -> RowStatement[PublicRevision]:
    shown = PublicRevision.objects.filter(fair__conferences__slug=_SLUG).exclude(fair__status=FairStatus.DRAFT)
    return RowStatement(shown, markers=[_SLUG])


@cache
def _public_by_slug() -> RowStatement[Conference]:
    """Programs ask for schedules all day, and mostly nothing has changed: the statement is kept (docs/adr/0010)."""
    return RowStatement(Conference.objects.public().filter(slug=_SLUG).select_related(*_EXPORTED), markers=[_SLUG])


def sees_everything(user: Any, conference: Conference) -> bool:
    """Whether confidential sessions are shown to ``user``."""
    return access.has_right(user, fair_id=conference.fair_id, right=Right.VIEW_CONFERENCE)


def sessions_of(conference: Conference, *, with_confidential: bool) -> QuerySet[Session]:
    """The programme in order of time, with what one row of a list shows. What was cancelled is on the desk and in calendars only."""
    shown = Q() if with_confidential else Q(is_public=True)
    people = Prefetch("participations", Participation.objects.select_related("speaker").order_by("pk"))
    hosts = Prefetch("hostings", hosts_in_catalogue().select_related("application__company").order_by("pk"))
    return (
        Session.objects.taking_place()
        .filter(shown, conference=conference)
        .select_related("room", "track")
        .prefetch_related(people, hosts)
        .order_by("starts_at", "room__code", "pk")
    )


def hosts_in_catalogue() -> QuerySet[SessionHost]:
    """Host companies that everybody may know as exhibitors, each with the id of its ``exhibitor`` in the catalogue."""
    own = SessionHost.objects.filter(application__exhibitors__company=F("application__company"))
    return own.annotate(exhibitor=F("application__exhibitors__pk"))


def speakers_of(conference: Conference, *, with_confidential: bool) -> QuerySet[Speaker]:
    """People on the programme, with their sessions. Who takes part in confidential sessions only is not shown to strangers."""
    speakers = Speaker.objects.filter(conference=conference)
    sessions = Session.objects.taking_place().order_by("starts_at", "pk")
    if not with_confidential:
        sessions = sessions.filter(is_public=True)
        speakers = speakers.filter(pk__in=Participation.objects.filter(session__in=sessions).values("speaker"))
    shown = Participation.objects.filter(session__in=sessions).order_by("session__starts_at", "pk")
    return speakers.prefetch_related(Prefetch("participations", shown)).order_by("name", "pk")


def matching_sessions(sessions: QuerySet[Session], text: str) -> list[int]:
    """The ids of sessions whose title, abstract or people hold every word of ``text``, in any of the three languages.

    Compared here and not in the database: SQLite knows upper and lower case of Latin letters only, and a programme is small.
    """
    columns = ("title_ru", "title_zh_hans", "title_en", "abstract_ru", "abstract_zh_hans", "abstract_en")
    names = ("name_ru", "name_zh_hans", "name_en", "organisation_ru", "organisation_zh_hans", "organisation_en")
    found = []
    for session in sessions:
        people = [participation.speaker for participation in session.participations.all()]
        texts = [getattr(session, column) for column in columns] + [getattr(person, name) for person in people for name in names]
        if holds_words(texts, text):
            found.append(session.pk)
    return found


def matching_speakers(speakers: QuerySet[Speaker], text: str) -> list[int]:
    """The ids of people whose name, position or organisation holds every word of ``text``, in any of the three languages."""
    columns = [f"{name}_{language}" for name in ("name", "title", "organisation") for language in ("ru", "zh_hans", "en")]
    rows = speakers.prefetch_related(None).values_list("pk", *columns)
    return [pk for pk, *texts in rows if holds_words(texts, text)]


def holds_words(texts: list[str | None], text: str) -> bool:
    whole = "\n".join(part for part in texts if part).casefold()
    return all(word in whole for word in text.casefold().split())
