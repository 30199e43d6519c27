"""Exhibitors with a deadline whose ladder has a step on each of the days to which the business clock is moved."""

from collections import Counter
from datetime import datetime, timedelta

from django.db import connection, transaction

from benchmarks.sink import Sink
from chaos.world import World
from exhibitors.domain import reminders
from exhibitors.domain.reminder_plan import plans
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application, CompanyContact, DeadlineTick
from fairs.enums import RungReader
from fairs.models import Deadline, Rung

EXHIBITORS = 60
DUE_IN = 9  # days


class Reminded:
    """``addresses`` get a digest on each of ``days`` after ``start`` (at nine in UTC, where they are), and one more on ``control_day``."""

    def __init__(self, world: World, *, start: datetime, days: tuple[int, ...], control_day: int) -> None:
        self.fair, self.start, self.days, self.control_day = world.fair, start, days, control_day
        made = world.applications(EXHIBITORS, ApplicationStatus.ACCEPTED)
        contacts = CompanyContact.objects.filter(company__in=[application.company_id for application in made])
        contacts.update(time_zone="UTC")
        self.addresses = set(contacts.values_list("email", flat=True))
        deadline = Deadline.objects.create(
            fair=world.fair, code="chaos-contract", title_ru="Договор", title_zh_hans="合同", title_en="Contract", due_at=self.day(DUE_IN)
        )
        # Who has a stand from a race before has done what is due: nobody but these is reminded.
        others = Application.objects.filter(fair=world.fair).exclude(pk__in=[application.pk for application in made])
        DeadlineTick.objects.bulk_create(DeadlineTick(application=other, deadline=deadline, at=start) for other in others)
        Rung.objects.bulk_create(Rung(deadline=deadline, offset=day - DUE_IN, reader=RungReader.OPERATIONS) for day in (*days, control_day))

    def day(self, number: int) -> datetime:
        """Half an hour after the step of that day."""
        return (self.start + timedelta(days=number)).replace(hour=9, minute=30)

    def doubled_and_lost(self, sink: Sink) -> tuple[int, int]:
        """Digests beyond one a day and address, and those that did not come, counted where they arrive."""
        came = Counter(mail.to for mail in sink.mails() if mail.to in self.addresses)
        counts = [came[address] - len(self.days) for address in self.addresses]
        return sum(max(0, count) for count in counts), sum(max(0, -count) for count in counts)

    def doubled_unguarded(self) -> int:
        """Two schedulers that looked at the same moment, without what the database refuses: how many digests are written twice."""
        now = self.day(self.control_day)
        looks = [plans(now=now, fair_id=self.fair.pk) for _scheduler in range(2)]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("ALTER TABLE exhibitors_deadlinereminder DROP CONSTRAINT reminder_once_per_reader")
                cursor.execute("ALTER TABLE notifications_letter DROP CONSTRAINT notifications_letter_key_key")
            written = sum(reminders.carry_out(plan, now=now) for look in looks for plan in look)
            transaction.set_rollback(True)
        return written - EXHIBITORS
