"""Choices of the fair's own nouns. A leaf: imports nothing of ours."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FairStatus(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("fair", "draft")
    PUBLISHED = "published", pgettext_lazy("fair", "published")
    ARCHIVED = "archived", pgettext_lazy("fair", "archived")


class SiteKind(models.TextChoices):
    HALL = "hall", pgettext_lazy("site", "exhibition hall")
    MALL = "mall", pgettext_lazy("site", "shopping mall")
    STREET = "street", pgettext_lazy("site", "street")


class StandKind(models.TextChoices):
    """A stand's kind follows from its open sides (DOMAIN.md, glossary)."""

    ROW = "row", pgettext_lazy("stand", "row")
    CORNER = "corner", pgettext_lazy("stand", "corner")
    HEAD = "head", pgettext_lazy("stand", "head")
    ISLAND = "island", pgettext_lazy("stand", "island")


STAND_KIND_BY_OPEN_SIDES = {1: StandKind.ROW, 2: StandKind.CORNER, 3: StandKind.HEAD, 4: StandKind.ISLAND}


class StandUse(models.TextChoices):
    """What staff who place exhibitors see of a stand, beside its public status."""

    HELD = "held"
    PLANNED = "planned"
    OFFER_HELD = "offer_held"
    OFFERED = "offered"
    ACCEPTED = "accepted"


class StandStatus(models.TextChoices):
    """What the public sees of a stand: one that is only offered or held reads available."""

    AVAILABLE = "available", pgettext_lazy("stand", "available")
    TAKEN = "taken", pgettext_lazy("stand", "taken")
    BLOCKED = "blocked", pgettext_lazy("stand", "blocked")


class HallCorner(models.TextChoices):
    """Where in a hall the first stand of a pattern stands."""

    LOWER_LEFT = "lower_left", pgettext_lazy("corner of a hall", "lower left")
    LOWER_RIGHT = "lower_right", pgettext_lazy("corner of a hall", "lower right")
    UPPER_LEFT = "upper_left", pgettext_lazy("corner of a hall", "upper left")
    UPPER_RIGHT = "upper_right", pgettext_lazy("corner of a hall", "upper right")


class RowDirection(models.TextChoices):
    """Which way the rows of a pattern run on the plan."""

    ALONG_X = "x", pgettext_lazy("rows run", "across the plan")
    ALONG_Y = "y", pgettext_lazy("rows run", "up the plan")


class NextRow(models.TextChoices):
    """How the numbers of a pattern go on in the next row."""

    LETTER = "letter", _("with the next letter: A01, B01, C01")
    HUNDRED = "hundred", _("with the next hundred: 101, 201, 301")
    GOES_ON = "goes_on", _("counting on: 1 to 10, 11 to 20")


class Audience(models.TextChoices):
    """Whom a deadline concerns."""

    ALL = "all", _("everybody who has applied")
    ADMITTED = "admitted", _("exhibitors who are admitted, with a stand or without")
    OFFERED = "offered", _("exhibitors to whom a stand is offered")
    ACCEPTED = "accepted", _("exhibitors with an accepted stand")
    RAW_SPACE = "raw_space", _("exhibitors on raw space")
    FOOD = "food", _("exhibitors of food")
    SHELL_SCHEME = "shell", _("exhibitors on shell scheme")
    CONFERENCE = "conference", _("the conference")
    STAFF = "staff", _("staff only")


class RungUnit(models.TextChoices):
    """How the days of a reminder's step are counted; working days are those of its reader."""

    DAYS = "days", pgettext_lazy("counted in", "days")
    WORKING_DAYS = "working_days", pgettext_lazy("counted in", "working days")


class RungReader(models.TextChoices):
    """Whom a reminder goes to."""

    OWNER = "owner", _("those who act for the exhibitor")
    OPERATIONS = "operations", _("its operational contacts")
    RESPONSIBLE = "responsible", _("the responsible staff member")
    COORDINATOR = "coordinator", _("the coordinator of its region")

    exhibitors = nonmember(("owner", "operations"))
    staff = nonmember(("responsible", "coordinator"))


class RungAct(models.TextChoices):
    """What happens at a step of the reminders."""

    REMIND = "remind", pgettext_lazy("reminder", "remind")
    TASK = "task", pgettext_lazy("reminder", "give a task")
    CONSEQUENCE = "consequence", pgettext_lazy("reminder", "tell the consequence")


class TradeFlow(models.TextChoices):
    TURNOVER = "turnover", _("turnover")
    IMPORTS_FROM_RUSSIA = "imports_from_russia", _("imports from Russia")
    EXPORTS_TO_RUSSIA = "exports_to_russia", _("exports to Russia")


class Currency(models.TextChoices):
    """ISO 4217 codes that a fair may keep its books in."""

    CNY = "CNY", _("Chinese yuan")
    RUB = "RUB", _("Russian rouble")
    USD = "USD", _("US dollar")
    EUR = "EUR", _("euro")
    KZT = "KZT", _("Kazakhstani tenge")
    BYN = "BYN", _("Belarusian rouble")


class StaffRole(models.TextChoices):
    """What a staff member does at one fair. What each role may do: fairs/roles.py and docs/roles.md."""

    OWNER = "owner", pgettext_lazy("staff role", "owner")
    REVIEWER = "reviewer", pgettext_lazy("staff role", "reviewer")
    FLOOR_PLANNER = "floor_planner", pgettext_lazy("staff role", "floor planner")
    CONFERENCE_PRODUCER = "conference_producer", pgettext_lazy("staff role", "conference producer")
    FINANCE = "finance", pgettext_lazy("staff role", "finance")
    COMMUNICATION = "communication", pgettext_lazy("staff role", "communication")
    CHECK_IN = "check_in", pgettext_lazy("staff role", "check-in")
    REGIONAL_COORDINATOR = "regional_coordinator", pgettext_lazy("staff role", "regional coordinator")
    READ_ONLY = "read_only", pgettext_lazy("staff role", "read-only")
