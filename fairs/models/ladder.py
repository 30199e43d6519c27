"""Who hears of a deadline, how long before or after it, and the days on which a fair writes to nobody."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from fairs.enums import RungAct, RungReader, RungUnit
from fairs.models.deadline import Deadline
from fairs.models.fair import Fair
from fairs.models.site import country_code

EARLIEST, LATEST = -120, 60  # days from the due moment


class Rung(models.Model):
    """One step of a deadline's ladder: so many days before or after the due day, to whom, and what."""

    deadline = models.ForeignKey(Deadline, on_delete=models.CASCADE, related_name="ladder", verbose_name=_("deadline"))
    offset = models.SmallIntegerField(_("days from the due day"), help_text=_("Before it with a minus, such as −7; 0: on the day itself."))
    unit = models.CharField(_("counted in"), max_length=12, choices=RungUnit, default=RungUnit.DAYS)
    reader = models.CharField(_("to whom"), max_length=12, choices=RungReader, default=RungReader.OWNER)
    act = models.CharField(pgettext_lazy("reminder", "what"), max_length=12, choices=RungAct, default=RungAct.REMIND)

    class Meta:
        verbose_name = _("step of the reminders")
        verbose_name_plural = _("steps of the reminders")
        ordering = ["deadline_id", "unit", "offset", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "offset", "unit", "reader", "act"],
                name="rung_once_per_deadline",
                violation_error_message=_("This step is there twice."),
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=EARLIEST, offset__lte=LATEST),
                name="rung_offset_in_range",
                violation_error_message=_("Name between 120 days before and 60 days after the due day."),
            ),
            models.CheckConstraint(
                condition=Q(unit__in=RungUnit.values, reader__in=RungReader.values, act__in=RungAct.values), name="rung_words_known"
            ),
            models.CheckConstraint(
                condition=~Q(act="task") | Q(offset__gt=0, reader__in=RungReader.staff),
                name="rung_task_for_staff_afterwards",
                violation_error_message=_("A task is for staff, and after the due day."),
            ),
            models.CheckConstraint(
                condition=~Q(act="consequence") | Q(offset__gt=0, reader__in=RungReader.exhibitors),
                name="rung_consequence_for_exhibitors_afterwards",
                violation_error_message=_("A consequence is told to the exhibitor, and after the due day."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.offset:+d} {self.get_unit_display()} · {self.get_reader_display()}"


class QuietDays(models.Model):
    """Days on which a fair reminds nobody in a country, both included; without a country: nobody at all."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="quiet_days", verbose_name=_("fair"))
    country = models.CharField(
        _("country"),
        max_length=2,
        blank=True,
        validators=[country_code],
        help_text=_("ISO 3166-1 code of the reader's country, such as RU; empty: of every reader."),
    )
    first_day = models.DateField(_("first day"))
    last_day = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("quiet days")
        verbose_name_plural = _("quiet days")
        ordering = ["fair_id", "first_day", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "country", "first_day"],
                name="quiet_days_once_per_fair",
                violation_error_message=_("These quiet days are there twice."),
            ),
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")),
                name="quiet_days_in_order",
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.first_day} – {self.last_day}"
