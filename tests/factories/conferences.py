"""A conference on the first three days of its fair, with 10 places, a room, a track, people and delegates."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from conferences.enums import DelegateKind, DelegateStatus, InvitationStatus, SessionKind, SessionRole
from conferences.models import Conference, Delegate, Participation, Room, Session, Speaker, Track, VisaInvitation
from notifications.sealing import seal
from tests.factories.fairs import SiteFactory


class ConferenceFactory(DjangoModelFactory):
    """``site=…`` puts it into that site's fair."""

    class Meta:
        model = Conference

    site = factory.SubFactory(SiteFactory)
    fair = factory.SelfAttribute("site.fair")
    slug = factory.Sequence(lambda n: f"conference-{n:05}")
    name_ru = "Конференция"
    name_zh_hans = "大会"
    name_en = "Conference"
    starts_on = factory.LazyAttribute(lambda conference: conference.site.starts_on)
    ends_on = factory.LazyAttribute(lambda conference: conference.starts_on + timedelta(days=2))
    capacity = 10


class RoomFactory(DjangoModelFactory):
    class Meta:
        model = Room

    conference = factory.SubFactory(ConferenceFactory)
    code = factory.Sequence(lambda n: f"R{n:05}")
    name_ru = "Зал"
    name_zh_hans = "厅"
    name_en = "Room"
    capacity = 100
    interpretation_booths = 1


class TrackFactory(DjangoModelFactory):
    class Meta:
        model = Track

    conference = factory.SubFactory(ConferenceFactory)
    code = factory.Sequence(lambda n: f"track-{n:05}")
    name_ru = "Тема"
    name_zh_hans = "主题"
    name_en = "Track"
    colour = "#1559a8"


class SpeakerFactory(DjangoModelFactory):
    class Meta:
        model = Speaker

    conference = factory.SubFactory(ConferenceFactory)
    code = factory.Sequence(lambda n: f"s{n:05}")
    name_ru = "Анна Речная"
    name_zh_hans = "安娜·列奇纳娅"
    name_en = "Anna Rechnaya"
    title_en = "Director"
    organisation_en = "River Trade (demo)"
    biography_en = "Builds trade on rivers."
    country = "RU"
    email = factory.Sequence(lambda n: f"speaker-{n:05}@example.com")
    language = "ru"


def at(conference: Conference, hour: int, day: int = 0) -> datetime:
    """``hour`` o'clock in the fair's zone on a day of the conference, the first being 0."""
    return datetime.combine(conference.starts_on + timedelta(days=day), time(hour), conference.fair.zone)


class SessionFactory(DjangoModelFactory):
    """A public panel from 10 to 11 o'clock on the first day, in no room and no track: released as it is in the draft."""

    class Meta:
        model = Session

    conference = factory.SubFactory(ConferenceFactory)
    code = factory.Sequence(lambda n: f"S{n:05}")
    kind = SessionKind.PANEL
    title_ru = "Холодовая цепь"
    title_zh_hans = "冷链"
    title_en = "The cold chain"
    abstract_en = "Where temperature is lost."
    room = None
    starts_at = factory.LazyAttribute(lambda session: at(session.conference, 10))
    ends_at = factory.LazyAttribute(lambda session: session.starts_at + timedelta(hours=1))
    draft_room = factory.SelfAttribute("room")
    draft_starts_at = factory.SelfAttribute("starts_at")
    draft_ends_at = factory.SelfAttribute("ends_at")
    language = "ru"
    interpretation = factory.LazyFunction(lambda: ["zh-hans"])
    is_public = True


class ParticipationFactory(DjangoModelFactory):
    class Meta:
        model = Participation

    session = factory.SubFactory(SessionFactory)
    speaker = factory.LazyAttribute(lambda part: SpeakerFactory(conference=part.session.conference))
    role = SessionRole.SPEAKER


class DelegateFactory(DjangoModelFactory):
    """Has a confirmed place."""

    class Meta:
        model = Delegate

    conference = factory.SubFactory(ConferenceFactory)
    kind = DelegateKind.RUSSIAN_COMPANY
    name = "Anna Rechnaya"
    email = factory.Sequence(lambda n: f"delegate-{n:05}@example.com")
    organisation = "River Trade (demo)"
    country = "RU"
    language = "en"
    status = DelegateStatus.RESERVED
    registered_at = datetime(2030, 1, 10, tzinfo=UTC)
    confirmed_at = datetime(2030, 1, 10, tzinfo=UTC)


class VisaInvitationFactory(DjangoModelFactory):
    """Asked for, for the days of the conference."""

    class Meta:
        model = VisaInvitation

    delegate = factory.SubFactory(DelegateFactory)
    status = InvitationStatus.ASKED
    passport = factory.LazyFunction(
        lambda: seal(text='{"name": "ANNA RECHNAYA", "number": "750012345", "born_on": "1985-03-14", "citizenship": "RU"}', html="")
    )
    entry_on = factory.LazyAttribute(lambda invitation: invitation.delegate.conference.starts_on)
    leave_on = factory.LazyAttribute(lambda invitation: invitation.delegate.conference.ends_on)
    host = "Liaoning Trade Office (demo)"
    asked_at = datetime(2030, 1, 11, tzinfo=UTC)


def registration(**given: Any) -> dict[str, Any]:
    """What a delegate sends to register."""
    return {
        "kind": "russian_company",
        "name": "Anna Rechnaya",
        "email": "anna@example.com",
        "organisation": "River Trade (demo)",
        "country": "RU",
        "language": "en",
        **given,
    }
