"""Digests as letters: what is due when in which zone, what is missing, and why its reader gets it."""

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import lazy
from django.utils.translation import ngettext

from exhibitors.domain.deadline_calendar import calendar_of
from exhibitors.domain.open_deadlines import OpenDeadline
from exhibitors.domain.reminder_plan import Digest, Notice
from fairs.enums import RungAct, RungReader
from notifications.attachments import Attachment
from notifications.outbox import Drawn, NewLetter, draw
from notifications.stencil import Stencils

COMPANIES_NAMED = 20  # of one deadline in a staff member's letter; the rest is a number

# Written when the letter is rendered, in its language.
why_text = lazy(OpenDeadline.why, str)
days_left_text = lazy(lambda count: ngettext("%(count)d day left", "%(count)d days left", count) % {"count": count}, str)
days_ago_text = lazy(lambda count: ngettext("%(count)d day ago", "%(count)d days ago", count) % {"count": count}, str)


class Letters:
    """Turns digests of one moment into letters; what is alike, of letters and of calendar files, is made once."""

    def __init__(self, *, now: datetime) -> None:
        self.now = now
        self._files: dict[tuple[object, ...], Attachment] = {}
        self._stencils = Stencils()

    def draw(self, digest: Digest) -> Drawn:
        """The letter, ready to be written. Those of staff name many exhibitors and are like no other."""
        items = self._items(digest)
        told_of = {notice.application.pk: notice.application for notice in digest.written}
        if digest.for_staff or len(told_of) > 1:
            return draw(self._letter(digest, items, company=None))
        [application] = told_of.values()
        with translation.override(digest.reader.language):
            company = str(application.company)
            whys = [
                (item["deadline"].pk, item["due_at"], item["is_ahead"], item["by_hand"], *(str(row["why"]) for row in item["rows"]))
                for item in items
            ]
        return self._stencils.draw(
            lambda texts: self._letter(digest, items, company=texts["company"]),
            shape=(digest.fair.pk, self._acts(digest), *whys),
            texts={"company": company},
        )

    def _acts(self, digest: Digest) -> bool:
        return any(notice.rung.reader == RungReader.OWNER for notice in digest.written)

    def _letter(self, digest: Digest, items: Sequence[dict[str, Any]], *, company: str | None) -> NewLetter:
        occasion = "staff_deadline_reminder" if digest.for_staff else "deadline_reminder"
        ahead = [item for item in items if item["is_ahead"]]
        alone = {notice.application.pk for notice in digest.written}
        return NewLetter(
            key=f"{occasion}:{_fingerprint(digest)}:{digest.reader.address}",
            to=digest.reader.email,
            name=digest.reader.name,
            user_id=digest.reader.user_id,
            fair_id=digest.fair.pk,
            occasion=f"exhibitors.{occasion}",
            language=digest.reader.language,
            time_zone=digest.reader.time_zone,
            about=f"application:{min(alone)}" if len(alone) == 1 else f"fair:{digest.fair.pk}",
            reply_to=digest.fair.reply_to,
            # Nobody is reminded of what is over: unsent until then, it is given up. The outbox goes by real time.
            expires_at=timezone.now() + (max(item["due_at"] for item in ahead) - self.now) if len(ahead) == len(items) else None,
            attachments=(self._file(digest, ahead),) if ahead and not digest.for_staff else (),
            context={
                "fair": digest.fair,
                "fair_zone": digest.fair.time_zone,
                "company": company,
                "ahead": ahead,
                "over": [item for item in items if not item["is_ahead"]],
                "only": items[0] if len(items) == 1 else None,
                "count": len(items),
                "has_tasks": any(item["is_task"] for item in items),
                "is_coordinator": any(notice.rung.reader == RungReader.COORDINATOR for notice in digest.written),
                "acts": self._acts(digest),
                "desk_url": f"{settings.SITE_URL}/admin/exhibitors/application/",
                "tasks_url": f"{settings.SITE_URL}/admin/exhibitors/stafftask/?whose=mine&state=open",
            },
        )

    def _items(self, digest: Digest) -> list[dict[str, Any]]:
        """One a deadline and due moment; who hears of an exhibitor in two roles reads of it once."""
        groups: dict[tuple[datetime, int, bool], dict[int, Notice]] = defaultdict(dict)
        for notice in digest.written:
            group = groups[notice.due_at, notice.deadline.pk, notice.rung.act == RungAct.CONSEQUENCE]
            if notice.application.pk not in group or notice.rung.act == RungAct.TASK:
                group[notice.application.pk] = notice
        return [self._item(list(groups[key].values()), digest) for key in sorted(groups)]

    def _item(self, notices: Sequence[Notice], digest: Digest) -> dict[str, Any]:
        first = notices[0]
        zone = digest.fair.zone
        due_day = first.due_at.astimezone(zone).date()
        days_left = (due_day - self.now.astimezone(zone).date()).days
        named = notices[:COMPANIES_NAMED] if digest.for_staff else notices
        return {
            "deadline": first.deadline,
            "due_at": first.due_at,
            "due_day": due_day,
            "is_ahead": self.now < first.due_at,
            "days_left": days_left,
            "days_left_text": days_left_text(days_left),
            "days_over_text": days_ago_text(-days_left),
            "is_task": any(notice.rung.act == RungAct.TASK for notice in notices),
            "by_hand": not digest.for_staff and any(notice.open.is_by_hand for notice in notices),
            "rows": [{"company": notice.application.company, "why": why_text(notice.open)} for notice in named],
            "count": len(notices),
            "more": len(notices) - len(named),
        }

    def _file(self, digest: Digest, items: Sequence[dict[str, Any]]) -> Attachment:
        due = [(item["deadline"], item["due_at"]) for item in items]
        key = (digest.reader.language, *((deadline.pk, due_at) for deadline, due_at in due))
        if key not in self._files:
            with translation.override(digest.reader.language):
                self._files[key] = calendar_of(digest.fair, due, now=self.now)
        return self._files[key]


def _fingerprint(digest: Digest) -> str:
    """What the digest tells, as a part of the letter's key: the same on every scheduler."""
    told = sorted(
        (notice.deadline.pk, notice.due_at.isoformat(), notice.rung.offset, notice.rung.unit, notice.rung.act, notice.application.pk)
        for notice in digest.written
    )
    return hashlib.sha256(repr(told).encode()).hexdigest()[:32]
