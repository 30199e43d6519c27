"""The questions of a fair on the desk: written by the organiser, tried out in a preview."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from api.languages import texts_of
from exhibitors.admin.answers_form import AnswersForm
from exhibitors.domain import questions
from exhibitors.enums import QuestionType
from exhibitors.models import Question, QuestionOption
from exhibitors.models.question import CAN_DECIDE, WITH_OPTIONS
from fairs import access
from fairs.admin.base import FairAdminBase, TextsForm, link, texts
from fairs.admin_scope import FairScopedInline
from fairs.models import Fair
from fairs.roles import Right

_YES, _NO = {"yes", "да", "是", "true"}, {"no", "нет", "否", "false"}


class QuestionForm(TextsForm):
    """``asked_after`` are the answers to the other question, one a line, as people write them."""

    needed_texts = ("text",)
    asked_after = forms.CharField(
        label=gettext_lazy("Asked after these answers"),
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=gettext_lazy("Of the other question, one a line: yes or no, or its options as they read."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        other = self.instance.shown_if
        words = {True: _("yes"), False: _("no")} | ({option.code: str(option) for option in other.options.all()} if other else {})
        self.initial["asked_after"] = "\n".join(str(words.get(one, one)) for one in self.instance.shown_if_values)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance.pk and "type" in self.changed_data and self.instance.answers.exists():
            self.add_error("type", _("The question has answers already: retire it, and add another."))
        other: Question | None = cleaned.get("shown_if")
        self.instance.shown_if_values = []
        if other is None:
            return cleaned
        fair = cleaned.get("fair") or (self.instance.fair if self.instance.fair_id else None)
        if fair is None or other.fair_id != fair.pk or other.type not in CAN_DECIDE:
            self.add_error("shown_if", _("Choose a question of this fair that is answered with yes or no, or by a choice."))
        elif questions.leads_back(self.instance, other):
            self.add_error("shown_if", _("That question waits for this one: neither would ever be asked."))
        else:
            self.instance.shown_if_values = self._values(other, cleaned.get("asked_after") or "")
        return cleaned

    def _values(self, other: Question, typed: str) -> list[Any]:
        lines = [line.strip() for line in typed.splitlines() if line.strip()]
        if not lines:
            self.add_error("asked_after", _("Write at least one answer."))
        known = _answers_to(other)
        values: list[Any] = []
        for line in lines:
            if line.casefold() in known:
                values.append(known[line.casefold()])
                continue
            texts_ = [_("yes"), _("no")] if other.type == QuestionType.YES_NO else map(str, other.options.all())
            text = _("“%(answer)s” is no answer to that question. Its answers are: %(answers)s.")
            self.add_error("asked_after", text % {"answer": line, "answers": ", ".join(texts_)})
        return values


def _answers_to(question: Question) -> dict[str, Any]:
    """What may be typed for each answer, folded: its code, or its text in any of the languages."""
    if question.type == QuestionType.YES_NO:
        return {**dict.fromkeys(_YES, True), **dict.fromkeys(_NO, False)}
    options: list[Any] = list(question.options.all())
    return {str(word).casefold(): option.code for option in options for word in (*texts_of(option, "text").values(), option.code) if word}


class OptionFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """An option that was chosen in an answer stays; a code is made where none was typed."""

    def clean(self) -> None:
        kept = [form for form in self.forms if form.has_changed() or form.instance.pk]
        alive = [form for form in kept if not (getattr(form, "cleaned_data", {}) or {}).get("DELETE")]
        self._make_codes(alive)
        super().clean()  # looks for the same code twice: none is empty any more
        if self.instance.type in WITH_OPTIONS and not alive:
            raise ValidationError(_("Write the options that may be chosen."))
        self._keep_chosen([form for form in kept if form not in alive or "code" in form.changed_data])

    def _make_codes(self, alive: list[Any]) -> None:
        taken = {form.cleaned_data.get("code") for form in alive if hasattr(form, "cleaned_data")}
        for number, form in enumerate(alive, start=1):
            data = getattr(form, "cleaned_data", None)
            if not data or data.get("code"):
                continue
            code = slugify(data.get("text_en") or "")[:60] or f"option-{number}"
            data["code"] = form.instance.code = code if code not in taken else f"{code[:50]}-{number}"
            taken.add(data["code"])

    def _keep_chosen(self, forms_: list[Any]) -> None:
        gone = {form.initial.get("code") for form in forms_ if form.instance.pk}
        if not gone:
            return
        for value in self.instance.answers.values_list("value", flat=True):
            if gone & set(value if isinstance(value, list) else [value]):
                raise ValidationError(_("An option that was chosen in an answer cannot go and keeps its code; change its text instead."))


class OptionInline(FairScopedInline):
    model = QuestionOption
    formset = OptionFormSet
    parent_fair_path = "fair"
    view_right, edit_right = Right.VIEW_FAIR, Right.EDIT_FAIR
    fields = (*texts("text"), "code", "position")


@admin.register(Question)
class QuestionAdmin(FairAdminBase):
    """What a fair asks beyond the fields that every application has."""

    form = QuestionForm
    edit_right = Right.EDIT_FAIR
    kept = ("fair", "code")
    empty_hint = gettext_lazy("No questions yet: the application form has only the fields that every fair has.")
    inlines = [OptionInline]
    list_display = ["text", "section", "type", "required", "active", "preview", "fair"]
    list_filter = [("fair", admin.RelatedOnlyFieldListFilter), "section", "type", "active"]
    list_select_related = ["fair"]
    search_fields = ["code", *texts("text")]
    ordering = ["fair", "position", "pk"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("fair", "code"),
                    texts("text"),
                    texts("help"),
                    ("type", "required", "active"),
                    ("max_length", "min_value", "max_value"),
                ]
            },
        ),
        (gettext_lazy("Place in the form"), {"fields": [("section", "position", "audience")]}),
        (gettext_lazy("Only asked after another answer"), {"fields": ["shown_if", "asked_after"]}),
    ]

    # What the chosen kind of answer has no use for is not shown. Who only reads chooses in no field: the page knows no ``type`` then.
    conditional_fields = {
        "max_length": "typeof type == 'undefined' || ['text', 'long_text'].includes(type)",
        "min_value": "typeof type == 'undefined' || type == 'number'",
        "max_value": "typeof type == 'undefined' || type == 'number'",
        "asked_after": "typeof shown_if == 'undefined' || shown_if",
    }

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "shown_if":
            own = access.within(request.user, Right.EDIT_FAIR, fair="fair")  # type: ignore[arg-type]
            kwargs["queryset"] = Question.objects.filter(own, type__in=CAN_DECIDE).order_by("fair", "position", "pk")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """One with answers, or that another waits for, is retired instead."""
        if obj is not None and (obj.answers.exists() or obj.decides.exists()):
            return False
        return super().has_delete_permission(request, obj)

    @admin.display(description=gettext_lazy("preview"))
    def preview(self, question: Question) -> str:
        return link(reverse("admin:exhibitors_question_preview", args=[question.pk]), _("preview"))

    def get_urls(self) -> list[URLPattern]:
        page = self.admin_site.admin_view(self.preview_view)
        return [path("<path:object_id>/preview/", page, name="exhibitors_question_preview"), *super().get_urls()]

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """All questions of the question's fair as an applicant sees them, to try out; nothing is saved."""
        question = self.get_object(request, object_id)
        if question is None:
            raise Http404
        return TemplateResponse(request, "admin/exhibitors/answers.html", self._context(request, question.fair))

    def _context(self, request: HttpRequest, fair: Fair) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Preview of the questions"),
            "opts": self.opts,
            "subject": fair,
            "note": _("This is how an applicant sees the questions. Nothing that you write here is kept."),
            "form": AnswersForm(asked=questions.asked_at(fair.pk), given={}),
            "back": reverse("admin:exhibitors_question_changelist") + f"?fair__id__exact={fair.pk}",
            "back_text": _("Questions"),
        }
