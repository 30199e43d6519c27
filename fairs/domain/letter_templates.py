"""A fair's own texts of letters: written, and given up in favour of the shipped ones."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from api.problems import Conflict, Invalid, field_error
from fairs.models import Fair, StaffMembership
from fairs.roles import Right
from notifications.models import LetterTemplate
from notifications.occasions import Occasion, occasion_named, title_of
from notifications.outbox import NewLetter, write_letters
from notifications.wording import LONGEST_SUBJECT, LONGEST_TEXT, Wording, problems


class TextsChanged(Conflict):
    """A colleague has saved other texts since the page was opened."""

    code = "letter-texts-changed"
    message = gettext_lazy("A colleague has changed these texts meanwhile. Copy what you want to keep, then open the page anew.")


def state_of(fair: Fair, occasion: str) -> str:
    """What changes with every change of the own texts of an occasion."""
    rows = LetterTemplate.objects.filter(fair=fair, occasion=occasion).order_by("language")
    return ";".join(f"{pk}:{changed_at.timestamp()}" for pk, changed_at in rows.values_list("pk", "changed_at"))


def check(occasion: Occasion, texts: Mapping[str, Wording]) -> None:
    """Raise Invalid for all that is wrong with texts by language; pointers are /subject_ru, /text_zh_hans."""
    errors = []
    for language, wording in texts.items():
        column = language.replace("-", "_")
        fields = (("subject", wording.subject, LONGEST_SUBJECT), ("text", wording.text, LONGEST_TEXT))
        for name, source, longest in fields:
            said = [_("Nothing is written here.")] if not source.strip() else []
            if len(source) > longest:
                said.append(_("At most %(longest)d characters.") % {"longest": longest})
            said += problems(source, occasion, is_subject=name == "subject")
            errors += [field_error(f"/{name}_{column}", "bad_wording", text) for text in said]
    if errors:
        raise Invalid(errors)


@transaction.atomic
def save(*, fair: Fair, occasion: str, texts: Mapping[str, Wording], by: User, now: datetime, seen: str | None = None) -> None:
    """Let the letters of ``occasion`` say so from now on, in the languages of ``texts``; the others stay as they are.

    ``seen``: what :func:`state_of` said when the page was opened. Raises Invalid, TextsChanged.
    """
    known = occasion_named(occasion)
    if known is None:
        raise Invalid([field_error("/occasion", "unknown", _("There is no such letter."))])
    check(known, texts)
    _raise_version(fair)
    if seen is not None and seen != state_of(fair, occasion):
        raise TextsChanged
    for language, wording in texts.items():
        LetterTemplate.objects.update_or_create(
            fair=fair,
            occasion=occasion,
            language=language,
            defaults={
                "subject": wording.subject.strip(),
                "text": wording.text.strip(),
                "changed_at": now,
                "changed_by": by,
                "broken_at": None,
                "broken_because": "",
            },
        )


@transaction.atomic
def reset(*, fair: Fair, occasion: str, language: str) -> bool:
    """Back to the shipped text. False when it was that already."""
    _raise_version(fair)
    deleted, _by_model = LetterTemplate.objects.filter(fair=fair, occasion=occasion, language=language).delete()
    return bool(deleted)


def _raise_version(fair: Fair) -> None:
    """First of all: the row's lock lets one change after the other, and no process takes old texts for new ones."""
    Fair.objects.filter(pk=fair.pk).update(letters_version=F("letters_version") + 1)


def tell_broken(template: LetterTemplate) -> None:
    """To those who may mend it: this text could not be used, and the shipped one went instead."""
    people = letter_keepers(template.fair_id)
    write_letters(
        [
            NewLetter(
                key=f"template_broken:{template.pk}:{template.changed_at.timestamp()}:{person.pk}",
                to=person.email,
                name=person.name,
                user_id=person.pk,
                fair_id=template.fair_id,
                occasion="fairs.template_broken",
                language=person.language,
                time_zone=person.time_zone,
                about=f"letter_template:{template.pk}",
                context={
                    "fair": template.fair,
                    "letter": title_of(template.occasion),
                    "language_name": template.get_language_display,
                    "reason": template.broken_because,
                    "texts_url": texts_url(template.fair_id, template.occasion),
                },
            )
            for person in people
        ]
    )


def letter_keepers(fair_id: int) -> list[User]:
    """Who looks after the letters of a fair, each once."""
    staff = StaffMembership.objects.filter(fair=fair_id, user__is_active=True).with_right(Right.SEND_LETTERS)
    return list({membership.user.pk: membership.user for membership in staff.select_related("user").order_by("pk")}.values())


def texts_url(fair_id: int, occasion: str) -> str:
    return f"{settings.SITE_URL}/admin/notifications/lettertemplate/texts/{occasion}/?fair={fair_id}"
