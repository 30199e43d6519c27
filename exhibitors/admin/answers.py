"""The answers of one application on the desk: shown on its page, changed on a page of their own."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from api.etags import digest_of
from api.file_links import file_path
from api.problems import Refused
from exhibitors.admin.answers_form import AnswersForm
from exhibitors.admin.application_groups import group_url
from exhibitors.domain import answers, applications, questions, steps
from exhibitors.domain.answer_texts import answer_text
from exhibitors.domain.questions import Facts
from exhibitors.domain.seen_state import SEEN
from exhibitors.models import Answer, Application
from fairs.admin.base import LinkedInline
from fairs.roles import Right

if TYPE_CHECKING:
    from exhibitors.admin.application import ApplicationAdmin

_LINK = "text-primary-600 underline dark:text-primary-400"


class AnswerInline(LinkedInline):
    """What was answered to the fair's own questions; the link leads to the page that changes it."""

    model = Answer
    parent_fair_path = "fair"
    tab = False  # the page has groups of its own
    view_right, edit_right, link_right = Right.VIEW_APPLICATIONS, None, Right.EDIT_APPLICATIONS
    fields = readonly_fields = ("asked", "answer", "answered_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Answer]:
        self.reader = request.user
        return super().get_queryset(request).select_related("question", "file").prefetch_related("question__options")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        # Not LinkedInline's: an answer has no page of its own, all of them share one.
        formset = super(LinkedInline, self).get_formset(request, obj, **kwargs)
        if obj is not None and self._allows(request, self.link_right, obj):
            self.add_url = reverse("admin:exhibitors_application_answers", args=[obj.pk])
        else:
            self.add_url = ""
        return formset

    @admin.display(description=gettext_lazy("question"))
    def asked(self, answer: Answer) -> str:
        return str(answer.question)

    @admin.display(description=gettext_lazy("answer"))
    def answer(self, answer: Answer) -> str:
        return shown(answer, self.reader)


def shown(answer: Answer, reader: Any) -> str:
    """An answer as ``reader`` sees it: a file's name leads to the file."""
    text = answer_text(answer.question, answer.value)
    if answer.file is None:
        return text
    return format_html('<a class="{}" href="{}">{}</a>', _LINK, file_path(answer.file, user=reader), text)


def answers_page(page: "ApplicationAdmin", request: HttpRequest, object_id: str) -> HttpResponse:
    """Change the answers of one application; the domain has the last word, its refusal is shown in the form."""
    application = page.get_object(request, object_id)
    if application is None:
        raise Http404
    if not page.has_change_permission(request, application):
        raise PermissionDenied
    there = list(application.answers.select_related("question", "file"))
    given = {answer.question.code: answer.value for answer in there}
    links = {answer.question.code: shown(answer, request.user) for answer in there if answer.file}
    facts = Facts.of(application)
    asked = [question for question in questions.asked_at(application.fair_id) if facts.concern(question.audience)]
    form = AnswersForm(request.POST or None, request.FILES or None, asked=asked, given=given, links=links)
    back = group_url(application.pk, "answers")
    if request.method == "POST" and _saved(request, application, form):
        messages.success(request, _("The answers were saved."))
        return HttpResponseRedirect(back)
    context = {
        **page.admin_site.each_context(request),
        "title": _("Answers"),
        "opts": page.opts,
        "subject": application.company,
        "note": _("Answers to the fair's own questions; a question that depends on another answer may stay empty."),
        "form": form,
        # after a refusal the page still shows what it showed before
        "seen": request.POST.get(SEEN) or _digest(application),
        "can_save": True,
        "back": back,
        "back_text": application.company,
    }
    return TemplateResponse(request, "admin/exhibitors/answers.html", context)


@transaction.atomic
def _saved(request: HttpRequest, application: Application, form: AnswersForm) -> bool:
    """Write what was typed, unless somebody has answered since the page was shown: nobody's words are overwritten unseen."""
    steps.locked(application.pk)
    is_valid = form.is_valid()
    if request.POST.get(SEEN) and request.POST[SEEN] != _digest(application):
        form.add_error(None, _("The answers were changed meanwhile. Copy what you want to keep, then open the page anew."))
        return False
    return is_valid and _wrote(request, application, form)


def _digest(application: Application) -> str:
    return digest_of(sorted(Answer.objects.filter(application=application).values_list("question", "value", "answered_at")))


def _wrote(request: HttpRequest, application: Application, form: AnswersForm) -> bool:
    user: Any = request.user
    who: dict[str, Any] = {"application_id": application.pk, "by": user, "now": clock.now(), "as_staff": True}
    code = ""  # of the question whose file is at its turn
    try:
        with transaction.atomic():
            applications.update(answers=form.values(), **who)
            for code, file in form.uploads().items():
                answers.write_file(code=code, file=file, **who)
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal), "pointer": ""}]):
            name = f"question-{code or str(error['pointer']).removeprefix('/answers/')}"
            form.add_error(name if name in form.fields else None, str(error["detail"]))
        return False
    return True
