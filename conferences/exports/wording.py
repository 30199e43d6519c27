"""The words that exports share: who takes part, in what languages."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import npgettext

from api.languages import active_language
from api.text import comma, listed
from conferences.enums import SessionKind, SessionRole
from conferences.exports.published import Entry, PersonFacts

TAGS = {"ru": "ru", "zh-hans": "zh-Hans", "en": "en"}  # BCP 47

_ON_STAGE = (SessionRole.MODERATOR, SessionRole.SPEAKER, SessionRole.PANELLIST)
_ORDER = [*_ON_STAGE, SessionRole.INTERPRETER]


def language_name(code: str) -> str:
    """A language in the active one."""
    return str(dict(settings.LANGUAGES)[code])


def languages_line(entry: Entry) -> str:
    """Such as "Russian, interpreted into Chinese"; empty for a break."""
    if entry.kind == SessionKind.BREAK and not entry.interpretation:
        return ""  # nobody eats in a language
    first, *further = map(language_name, entry.languages)
    spoken = listed([first, *map(_within, further)])
    if not entry.interpretation:
        return spoken
    others = listed(_within(language_name(code)) for code in entry.interpretation)
    return _("%(language)s, interpreted into %(others)s") % {"language": spoken, "others": others}


def _within(name: str) -> str:
    """The name of a language within a line: in Russian it is no proper name."""
    return name.lower() if active_language() == "ru" else name


def by_role(entry: Entry) -> list[PersonFacts]:
    """The people of a session: who leads it, who speaks, who interprets."""
    return sorted(entry.people, key=lambda person: _ORDER.index(SessionRole(person.role)))


def on_stage(entry: Entry) -> list[PersonFacts]:
    """Without the interpreters, each person once."""
    found = {person.id: person for person in reversed(by_role(entry)) if person.role in _ON_STAGE}
    return [person for person in by_role(entry) if found.get(person.id) is person]


def role_name(person: PersonFacts) -> str:
    return str(SessionRole(person.role).label)


def role_heading(role: str, count: int) -> str:
    """What a printed line of so many people of one role begins with."""
    headings = {
        SessionRole.SPEAKER: npgettext("printed programme", "Speaker", "Speakers", count),
        SessionRole.MODERATOR: npgettext("printed programme", "Moderator", "Moderators", count),
        SessionRole.PANELLIST: npgettext("printed programme", "Panellist", "Panellists", count),
        SessionRole.INTERPRETER: npgettext("printed programme", "Interpreter", "Interpreters", count),
    }
    return headings[SessionRole(role)]


def with_organisation(person: PersonFacts) -> str:
    """Such as "Vera Kolosovskaya, Grain Meridian"."""
    return joined((person.name, person.organisation))


def joined(parts: Iterable[str], by: str = "") -> str:
    """The parts that say something, with commas as the active language writes them, or with ``by`` between them."""
    return (by or comma()).join(part for part in parts if part)
