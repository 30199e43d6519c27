from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from api.models import StoredFile
from api.text import labelled
from exhibitors.enums import FormSection, QuestionAudience, QuestionType
from exhibitors.models.application import Application
from exhibitors.models.pavilion import short_name
from fairs.models import Fair

LONGEST_TEXT, LONGEST_LONG_TEXT = 200, 4000  # characters, where a question sets no limit of its own
WITH_OPTIONS = (QuestionType.CHOICE, QuestionType.SEVERAL)
CAN_DECIDE = (QuestionType.YES_NO, *WITH_OPTIONS)  # whose answers may decide whether another question is asked


class Question(models.Model):
    """A question of a fair's own in the application form. One that has answers is retired, never deleted, and keeps its type."""

    fair = models.ForeignKey(Fair, on_delete=models.CASCADE, related_name="questions", verbose_name=_("fair"))
    code = models.CharField(_("code"), max_length=60, validators=[short_name], help_text=_("For programs: it stays when the text changes."))
    section = models.CharField(_("part of the form"), max_length=12, choices=FormSection, default=FormSection.OTHER)
    position = models.PositiveSmallIntegerField(_("order"), default=100, help_text=_("Small numbers come first."))
    text = models.CharField(_("question"), max_length=300)
    help = models.CharField(_("help"), max_length=500, blank=True, help_text=_("What to write, and why you ask."))
    type = models.CharField(_("kind of answer"), max_length=10, choices=QuestionType, default=QuestionType.TEXT)
    required = models.BooleanField(_("must be answered"), default=False, help_text=_("Asked for when the application is submitted."))
    audience = models.CharField(_("whom it concerns"), max_length=12, choices=QuestionAudience, default=QuestionAudience.ALL)
    max_length = models.PositiveSmallIntegerField(
        _("longest answer, characters"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(LONGEST_LONG_TEXT)]
    )
    min_value = models.DecimalField(_("smallest number"), max_digits=15, decimal_places=3, null=True, blank=True)
    max_value = models.DecimalField(_("largest number"), max_digits=15, decimal_places=3, null=True, blank=True)
    shown_if = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decides",
        verbose_name=_("only asked after"),
        help_text=_("A question with a choice or yes and no, whose answer decides whether this one is asked."),
    )
    shown_if_values = models.JSONField(_("answers after which it is asked"), default=list, blank=True)
    active = models.BooleanField(_("asked"), default=True, help_text=_("Take the mark away to retire the question; its answers stay."))

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["fair_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fair", "code"],
                name="question_code_once_per_fair",
                violation_error_message=_("Another question of this fair has this code."),
            ),
            models.CheckConstraint(condition=Q(type__in=QuestionType.values), name="question_type_known"),
            models.CheckConstraint(condition=Q(audience__in=QuestionAudience.values), name="question_audience_known"),
            models.CheckConstraint(condition=Q(section__in=FormSection.values), name="question_section_known"),
            models.CheckConstraint(
                condition=Q(min_value__isnull=True) | Q(max_value__isnull=True) | Q(max_value__gte=F("min_value")),
                name="question_numbers_in_order",
                violation_error_message=_("The largest number is below the smallest."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.text or self.code)

    @property
    def longest(self) -> int:
        """How many characters an answer in words may have."""
        return self.max_length or (LONGEST_LONG_TEXT if self.type == QuestionType.LONG_TEXT else LONGEST_TEXT)


class QuestionOption(models.Model):
    """One of the answers that a question offers."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="options", verbose_name=_("question"))
    code = models.CharField(_("code"), max_length=60, validators=[short_name], blank=True, help_text=_("Empty: made from the text."))
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    text = models.CharField(_("text"), max_length=200)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["question_id", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"], name="question_option_once", violation_error_message=_("This option is there twice.")
            )
        ]

    def __str__(self) -> str:
        return str(self.text or self.code)


class Answer(models.Model):
    """What an application answers to a question: typed JSON, checked by the domain (domain/answer_values.py)."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="answers", verbose_name=_("application"))
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers", verbose_name=_("question"))
    value: Any = models.JSONField(_("answer"))
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("file"))
    answered_at = models.DateTimeField(_("answered"))
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("by"))

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["application_id", "question__position", "question_id"]
        constraints = [models.UniqueConstraint(fields=["application", "question"], name="answer_once")]

    def __str__(self) -> str:
        return labelled(self.question, self.value)
