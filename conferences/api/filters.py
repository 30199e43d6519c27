"""What lists of a conference can be narrowed to."""

from datetime import date, datetime, time, timedelta

import django_filters
from django.conf import settings
from django.db.models import Q, QuerySet

from conferences.domain import readers
from conferences.enums import DelegateKind, DelegateStatus, SessionKind
from conferences.models import Delegate, Session, Speaker


class SessionFilter(django_filters.FilterSet):
    day = django_filters.DateFilter(method="on_day", help_text="Sessions that begin on this day in the fair's zone.")
    track = django_filters.CharFilter(field_name="track__code", help_text="A track's code.")
    room = django_filters.CharFilter(field_name="room__code", help_text="A room's code.")
    language = django_filters.ChoiceFilter(choices=settings.LANGUAGES)
    kind = django_filters.ChoiceFilter(choices=SessionKind.choices)
    search = django_filters.CharFilter(method="with_words", help_text="Words of titles, abstracts and people, in any language.")

    class Meta:
        model = Session
        fields: list[str] = []

    def on_day(self, sessions: QuerySet[Session], name: str, value: date) -> QuerySet[Session]:
        if not date(1900, 1, 1) < value < date(9000, 1, 1):
            return sessions.none()
        midnight = datetime.combine(value, time(), self.request.parser_context["view"].conference.fair.zone)
        return sessions.filter(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1))

    def with_words(self, sessions: QuerySet[Session], name: str, value: str) -> QuerySet[Session]:
        return sessions.filter(pk__in=readers.matching_sessions(sessions, value))


class SpeakerFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="with_words", help_text="Words of name, position and organisation, in any language.")

    class Meta:
        model = Speaker
        fields: list[str] = []

    def with_words(self, speakers: QuerySet[Speaker], name: str, value: str) -> QuerySet[Speaker]:
        return speakers.filter(pk__in=readers.matching_speakers(speakers, value))


class DelegateFilter(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(choices=DelegateStatus.choices)
    kind = django_filters.ChoiceFilter(choices=DelegateKind.choices)
    search = django_filters.CharFilter(method="with_text", help_text="A part of name, organisation or address.")

    class Meta:
        model = Delegate
        fields: list[str] = []

    def with_text(self, delegates: QuerySet[Delegate], name: str, value: str) -> QuerySet[Delegate]:
        return delegates.filter(Q(name__icontains=value) | Q(organisation__icontains=value) | Q(email__icontains=value))
