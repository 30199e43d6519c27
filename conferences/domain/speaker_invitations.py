"""Ask people on the programme whether they come: a letter with a link to the own page."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from api.problems import Conflict
from conferences.domain.speaker_letters import write_invitation
from conferences.domain.speaker_links import good_until, new_link, page_url
from conferences.models import Speaker


class NoAddress(Conflict):
    code = "no_address"
    message = _("There is no email address.")


class InvitedMeanwhile(Conflict):
    """Somebody else has written to this person since the page was opened."""

    code = "invited_meanwhile"
    message = _("A colleague has written to this person meanwhile.")


class ConferenceOver(Conflict):
    code = "conference_over"
    message = _("The conference is over.")


def refusal_of(speaker: Speaker, *, now: datetime) -> Conflict | None:
    """Why nobody can be written to; None where somebody can. The speaker has the conference with its fair."""
    if not speaker.email:
        return NoAddress()
    return ConferenceOver() if now >= good_until(speaker.conference) else None


def seen_state(speaker: Speaker) -> str:
    """What a page carries, so that nobody is written to twice by two colleagues."""
    return f"{speaker.invited_at.timestamp():.0f}" if speaker.invited_at else "0"


@transaction.atomic
def invite(*, speaker_id: int, by: User | None, now: datetime, seen: str = "") -> Speaker:
    """Write to somebody with a new link; those of earlier letters stay good. Raises NoAddress, ConferenceOver, InvitedMeanwhile."""
    rows = Speaker.objects.select_for_update(of=("self",), no_key=True)
    speaker = rows.select_related("conference__fair", "conference__site").get(pk=speaker_id)
    if refusal := refusal_of(speaker, now=now):
        raise refusal
    if seen and seen != seen_state(speaker):
        raise InvitedMeanwhile
    speaker.invited_at = now
    speaker.save(update_fields=["invited_at"])
    word, number = new_link(speaker, now=now)
    write_invitation(speaker, url=page_url(speaker.conference, word), link_number=number)
    return speaker
