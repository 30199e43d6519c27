"""Choices of allocation runs and what comes of them. A leaf: imports nothing of ours."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("allocation run", "queued")
    RUNNING = "running", pgettext_lazy("allocation run", "running")
    DONE = "done", pgettext_lazy("allocation run", "done")
    CANCELLED = "cancelled", pgettext_lazy("allocation run", "cancelled")
    FAILED = "failed", pgettext_lazy("allocation run", "failed")

    open = nonmember(("queued", "running"))


class RunPhase(models.TextChoices):
    """What a run is at, for the one who waits."""

    WAITING = "waiting", pgettext_lazy("allocation run", "waits for a worker")
    READING = "reading", pgettext_lazy("allocation run", "reads applications and stands")
    GREEDY = "greedy", pgettext_lazy("allocation run", "places one after the other")
    SOLVING = "solving", pgettext_lazy("allocation run", "looks for better places")
    WRITING = "writing", pgettext_lazy("allocation run", "writes the proposal")
    OVER = "over", pgettext_lazy("allocation run", "over")


class WeightPreset(models.TextChoices):
    """Sets of weights to begin from; the numbers are the engine's (engine/weights.py)."""

    BALANCED = "balanced", pgettext_lazy("weights", "balanced")
    EXHIBITORS_FIRST = "exhibitors_first", pgettext_lazy("weights", "the exhibitors' wishes first")
    HALL_FIRST = "hall_first", pgettext_lazy("weights", "order in the hall first")
    OWN = "own", pgettext_lazy("weights", "own weights")


class PointsPreset(models.TextChoices):
    """How priority points are counted (DOMAIN part 3: presets used in the field)."""

    TMEA = "tmea", _("1 a year, 5 a stand, up to 30 for an early application")
    LERN = "lern", _("3 a year, 1 for each 80 ft² had, 0.5 for each $500 paid")
    POOL_SPA = "pool_spa", _("1 a year, 1 for each 10 × 10 ft had")


class FreedRule(models.TextChoices):
    """What becomes of a stand that falls free."""

    PROPOSE = "propose", _("proposed to the organisers, who confirm the offer")
    OFFER = "offer", _("offered by itself")
    NOTHING = "nothing", _("nothing: the organisers see to it")


class FreedState(models.TextChoices):
    NEW = "new", pgettext_lazy("freed stand", "just fallen free")
    PROPOSED = "proposed", pgettext_lazy("freed stand", "to be confirmed")
    OFFERED = "offered", pgettext_lazy("freed stand", "offered")
    NOBODY = "nobody", pgettext_lazy("freed stand", "nobody waits for it")
    TAKEN = "taken", pgettext_lazy("freed stand", "given away meanwhile")
    DISMISSED = "dismissed", pgettext_lazy("freed stand", "left to the organisers")

    open = nonmember(("new", "proposed"))


class FreedReason(models.TextChoices):
    """Why somebody comes first for a freed stand."""

    MOVE = "move", _("asked to move")
    WAITING = "waiting", _("first on the waiting list")


class LineState(models.TextChoices):
    """What has become of a line of a proposal."""

    OPEN = "open", pgettext_lazy("line of a proposal", "proposed")
    TAKEN = "taken", pgettext_lazy("line of a proposal", "taken over")
    WAITING = "waiting", pgettext_lazy("line of a proposal", "waits until somebody has been told of another stand")
    REFUSED = "refused", pgettext_lazy("line of a proposal", "could not be taken over")


class Difference(models.TextChoices):
    """What a line of a proposal would change."""

    NEW = "new", pgettext_lazy("difference", "new")
    MOVED = "moved", pgettext_lazy("difference", "moved")
    SAME = "same", pgettext_lazy("difference", "as it is")
    DROPPED = "dropped", pgettext_lazy("difference", "loses its stand")
    UNPLACED = "unplaced", pgettext_lazy("difference", "without a stand")
    GONE = "gone", pgettext_lazy("difference", "takes no part any more")
