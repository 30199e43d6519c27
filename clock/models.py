from django.db import models
from django.db.models import Q


class ClockOffset(models.Model):
    """The one row that moves the business clock of a demo; a live system has none."""

    offset = models.DurationField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="clock_offset_single_row")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.offset}"
