from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from allocations.enums import RunPhase, RunState
from fairs.models import Fair, Hall

LONGEST_RUN_SECONDS = 300  # for the solver: with reading and writing far below the time limit of a task
USUAL_RUN_SECONDS = 30
LARGEST_SEED = 2**31 - 1
LEASE = timedelta(seconds=60)  # real time: a worker that says nothing for so long is dead
MOST_ATTEMPTS = 3


class AllocationRunQuerySet(models.QuerySet["AllocationRun"]):
    def open(self) -> "AllocationRunQuerySet":
        """Queued or running."""
        return self.filter(state__in=RunState.open)

    def abandoned(self, *, at: datetime) -> "AllocationRunQuerySet":
        """Those that no living worker has at ``at`` (real time): queued, or with a lease that has run out."""
        return self.open().filter(Q(claimed_until=None) | Q(claimed_until__lt=at))


class AllocationRun(models.Model):
    """The stands of some halls are allocated by the engine; its result is the run's proposal.

    ``input_hash`` (of all that the engine was given, weights too), ``seed`` and ``time_limit_seconds`` say what the result came from: the
    same three give the same proposal, as long as the time limit was not what ended the search.
    """

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="allocation_runs", verbose_name=_("fair"))
    halls = models.ManyToManyField(Hall, related_name="+", verbose_name=_("halls"))
    weights = models.JSONField(_("weights"), default=dict)
    seed = models.PositiveIntegerField(_("seed"), default=1, validators=[MinValueValidator(0), MaxValueValidator(LARGEST_SEED)])
    time_limit_seconds = models.PositiveSmallIntegerField(
        _("time limit, seconds"),
        default=USUAL_RUN_SECONDS,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_RUN_SECONDS)],
    )
    statuses = models.JSONField(
        _("who takes part"),
        default=list,
        help_text=_("States of the applications that get a stand, beside those that have one or an offer."),
    )
    keeps_plan = models.BooleanField(
        _("with the fewest changes"),
        default=False,
        help_text=_("Whoever is planned or offered stays, unless somebody else cannot be placed."),
    )
    base = models.ForeignKey(
        "allocations.Proposal",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("begins from the proposal"),
        help_text=_("Its fixed lines stay, and the others move only for a reason."),
    )
    input_hash = models.CharField(_("hash of the input"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState, default=RunState.QUEUED)
    phase = models.CharField(_("at work on"), max_length=10, choices=RunPhase, default=RunPhase.WAITING)
    progress_percent = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("started by")
    )
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("began"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    cancel_asked_at = models.DateTimeField(_("asked to stop"), null=True, blank=True)
    # Which worker has it, until when unless it says that it lives (real time), and how many had it before.
    claim = models.CharField(max_length=32, blank=True, editable=False)
    claimed_until = models.DateTimeField(null=True, blank=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    problems = models.JSONField(_("why not"), default=list, help_text=_("Rules that exclude each other, or what went wrong."))

    objects = AllocationRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation run")
        verbose_name_plural = _("allocation runs")
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index("claimed_until", name="allocation_run_open", condition=Q(state__in=RunState.open))]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RunState.values), name="allocation_run_state_known"),
            models.CheckConstraint(condition=Q(phase__in=RunPhase.values), name="allocation_run_phase_known"),
            models.CheckConstraint(condition=Q(progress_percent__lte=100), name="allocation_run_progress_to_100"),
            models.CheckConstraint(
                condition=Q(time_limit_seconds__gte=1, time_limit_seconds__lte=LONGEST_RUN_SECONDS), name="allocation_run_time_limit"
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.open, ended_at__isnull=True) | Q(~Q(state__in=RunState.open), ended_at__isnull=False),
                name="allocation_run_over_has_end",
            ),
            models.CheckConstraint(
                condition=Q(started_at__isnull=True) | Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
                name="allocation_run_ends_after_it_began",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in RunState.open
