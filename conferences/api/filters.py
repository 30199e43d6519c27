"""What lists of a conference can be narrowed to."""

from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_

import django_filters
from django import forms
from django.conf import settings
from django.db.models import Q, QuerySet

from api.filters import AnyFilter, ChoicesFilter, text_filter
from conferences.domain import readers
from conferences.enums import DelegateKind, DelegateStatus, SessionKind
from conferences.models import Delegate, Session, Speaker


class SessionFilter(django_filters.FilterSet):
    day = AnyFilter(method="on_day", one=forms.DateField(), help_text="Sessions that begin on this day in the fair's zone.")
    track = text_filter("track__code", max_length=None, help_text="A track's code.")
    room = text_filter("room__code", max_length=None, help_text="A room's code.")
    language = ChoicesFilter(choices=settings.LANGUAGES)
    kind = ChoicesFilter(choices=SessionKind.choices)
    search = django_filters.CharFilter(method="with_words", help_text="Words of titles, abstracts and people, in any language.")

    class Meta:
        model = Session
        fields: list[str] = []

    def on_day(self, sessions: QuerySet[Session], name: str, value: list[date]) -> QuerySet[Session]:
        zone = self.request.parser_context["view"].conference.fair.zone
        possible = [day for day in value if date(1900, 1, 1) < day < date(9000, 1, 1)]
        midnights = [datetime.combine(day, time(), zone) for day in possible]
        days = (Q(starts_at__gte=midnight, starts_at__lt=midnight + timedelta(days=1)) for midnight in midnights)
        return sessions.filter(reduce(or_, days, Q(pk__in=[])))

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
    status = ChoicesFilter(choices=DelegateStatus.choices)
    kind = ChoicesFilter(choices=DelegateKind.choices)
    search = django_filters.CharFilter(method="with_text", help_text="A part of name, organisation or address.")

    class Meta:
        model = Delegate
        fields: list[str] = []

    def with_text(self, delegates: QuerySet[Delegate], name: str, value: str) -> QuerySet[Delegate]:
        return delegates.filter(Q(name__icontains=value) | Q(organisation__icontains=value) | Q(email__icontains=value))
