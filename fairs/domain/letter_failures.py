"""Letters that did not arrive: told to those who look after a fair's letters, each once, and in one notice an hour at the most.

Who has not chosen such notices reads of them in the daily digest. That the mail server takes no letters at all is told by no letter: it
stands at the desk, in the log and in /readyz.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from accounts.enums import Notice
from accounts.models import User
from fairs.domain.letter_templates import letter_keepers
from fairs.models import Fair
from notifications.enums import LetterStatus
from notifications.models import Letter, LetterQuerySet
from notifications.occasions import title_of
from notifications.outbox import NewLetter, write_letters
from notifications.suppressions import FAILED_BECAUSE

OCCASION = "fairs.letters_failed"
AT_MOST_EVERY = timedelta(hours=1)
NOT_OLDER_THAN = timedelta(days=3)  # a letter is tried for one day; what failed before this was brought in is old news
NAMED = 10  # letters; the rest is a number


def tell(*, now: datetime) -> int:
    """Write the notices that are due. Returns how many letters they tell of; ``now`` in real time. May run twice."""
    fairs = Letter.objects.untold_failures().exclude(fair=None).order_by("fair").values_list("fair", flat=True).distinct()
    return sum(_tell_at(fair_id, now=now) for fair_id in list(fairs)) + _tell_of_accounts(now=now)


@transaction.atomic
def _tell_at(fair_id: int, *, now: datetime) -> int:
    fair = Fair.objects.select_for_update(of=("self",), no_key=True).get(pk=fair_id)  # one scheduler at a time
    told = Letter.objects.filter(fair=fair, failure_told_at__isnull=False).aggregate(latest=Max("failure_told_at"))["latest"]
    if told is not None and now - told < AT_MOST_EVERY:
        return 0
    news = _take(Letter.objects.untold_failures().filter(fair=fair), now=now)
    if news:
        _write(fair, news, letter_keepers(fair.pk))
    return len(news)


@transaction.atomic
def _tell_of_accounts(*, now: datetime) -> int:
    """Letters of no fair, such as codes and invitations, are told to who looks after the whole: superusers."""
    told = Letter.objects.filter(fair=None, failure_told_at__isnull=False).aggregate(latest=Max("failure_told_at"))["latest"]
    if told is not None and now - told < AT_MOST_EVERY:
        return 0
    mine = Letter.objects.untold_failures().filter(fair=None).select_for_update(skip_locked=True)
    news = _take(mine, now=now)
    if news:
        _write(None, news, list(User.objects.filter(is_superuser=True, is_active=True).order_by("pk")))
    return len(news)


def _take(untold: LetterQuerySet, *, now: datetime) -> list[Letter]:
    """Mark them as told; those that are news."""
    failed = list(untold.only("pk", "status", "occasion", "recipient_email", "last_error", "report", "due_at").order_by("pk"))
    Letter.objects.filter(pk__in=[letter.pk for letter in failed]).update(failure_told_at=now)
    # Neither a notice about notices, nor one about every letter to a mailbox of which it was told that it does not exist.
    return [
        letter
        for letter in failed
        if letter.occasion != OCCASION and letter.last_error != FAILED_BECAUSE and letter.due_at > now - NOT_OLDER_THAN
    ]


def _write(fair: Fair | None, failed: list[Letter], to: list[User]) -> None:
    outcome = "failed" if any(letter.status == LetterStatus.FAILED for letter in failed) else "bounced"
    at = f"fair__id__exact={fair.pk}" if fair else "fair__isnull=True"
    url = f"{settings.SITE_URL}/admin/notifications/letter/?{at}&outcome={outcome}"
    rows = [
        {"title": title_of(letter.occasion), "to": letter.recipient_email, "why": letter.last_error or letter.report}
        for letter in failed[:NAMED]
    ]
    write_letters(
        [
            NewLetter(
                key=f"letters_failed:{failed[0].pk}:{failed[-1].pk}:{person.pk}",
                to=person.email,
                name=person.name,
                user_id=person.pk,
                fair_id=fair.pk if fair else None,
                occasion=OCCASION,
                language=person.language,
                time_zone=person.time_zone,
                about=f"fair:{fair.pk}" if fair else "",
                context={
                    "fair": fair,
                    "rows": rows,
                    "count": len(failed),
                    "more": max(0, len(failed) - NAMED),
                    "desk_url": url,
                    "settings_url": f"{settings.SITE_URL}/admin/accounts/user/my-notices/",
                },
            )
            for person in to
            if Notice.LETTERS in person.notices_at_once
        ]
    )
