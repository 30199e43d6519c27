"""Sessions written one at a time, as an import writes many."""

from typing import Any

from django.db import transaction

from conferences.domain.clashes import refuse_clashes
from conferences.domain.programme import SessionValues, swapping, write_session
from conferences.models import Conference, Session
from tests.conftest import MOMENT
from tests.factories.conferences import at


def values(conference: Conference, **given: Any) -> SessionValues:
    return SessionValues(
        **{
            "code": "S1",
            "kind": "panel",
            "title": {"en": "The cold chain", "ru": "Холодовая цепь", "zh-hans": "冷链"},
            "starts_at": at(conference, 10),
            "ends_at": at(conference, 11),
            "language": "ru",
            **given,
        }
    )


@transaction.atomic
def create_session(*, conference: Conference, values: SessionValues) -> Session:
    with swapping(conference):
        write_session(conference=conference, session=None, values=values, now=MOMENT)
        session = Session.objects.get(conference=conference, code=values.code)
        refuse_clashes(session)
    return session


@transaction.atomic
def update_session(*, session: Session, values: SessionValues) -> bool:
    """Whether anything was different."""
    with swapping(session.conference):
        told = write_session(conference=session.conference, session=session, values=values, now=MOMENT)
        refuse_clashes(session)
    return told == "changed"
