"""The pages on which organisers write their own texts of letters: all letters of a fair, and one letter in three languages."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import TemplateDoesNotExist, TemplateSyntaxError
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

import clock
from api.problems import Refused
from fairs import access
from fairs.domain import letter_templates
from fairs.models import Fair
from fairs.roles import Right
from notifications import rendering
from notifications.models import LetterTemplate
from notifications.occasions import Occasion, Sample, Scope, fixed_letters, occasion_named, shipped_occasions
from notifications.outbox import NewLetter, write_letters
from notifications.shipped import shipped_wording
from notifications.wording import LONGEST_SUBJECT, LONGEST_TEXT, Wording, problems

if TYPE_CHECKING:
    from fairs.admin.letter_template import LetterTemplateAdmin

LANGUAGES = [(code, name, code.replace("-", "_")) for code, name in settings.LANGUAGES]
PREVIEW = "X-Preview"  # the header with which the page asks for its preview alone
# What filling a text raises where the example lacks what the letter speaks of, or the shipped text is broken: the page says so.
UNFILLABLE = (
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    ObjectDoesNotExist,
    TemplateDoesNotExist,
    TemplateSyntaxError,
)


class WordingField(forms.CharField):
    """Compared with what the page showed, which the page carries along: the example may have changed since."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return _plain(initial) != _plain(data)


def _plain(value: Any) -> str:
    return str(value or "").replace("\r\n", "\n").strip()


class TextsForm(forms.Form):
    """Subject and text in three languages, side by side."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=500)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, _name, column in LANGUAGES:
            given: dict[str, Any] = {"required": False, "show_hidden_initial": True}
            subject = UnfoldAdminTextInputWidget(attrs={"lang": code})
            text = UnfoldAdminTextareaWidget(attrs={"lang": code, "rows": 20})
            self.fields[f"subject_{column}"] = WordingField(
                label=gettext_lazy("subject"), max_length=LONGEST_SUBJECT, widget=subject, **given
            )
            self.fields[f"text_{column}"] = WordingField(label=gettext_lazy("text"), max_length=LONGEST_TEXT, widget=text, **given)

    def wordings(self) -> dict[str, Wording]:
        """What stands in the form, valid or not, by language."""
        data = {name: self.data.get(name, "") if self.is_bound else self.initial.get(name, "") for name in self.fields}
        return {code: Wording(data[f"subject_{column}"], data[f"text_{column}"].replace("\r\n", "\n")) for code, _name, column in LANGUAGES}

    def changed(self) -> dict[str, Wording]:
        """Those languages in which somebody has changed something."""
        touched = set(self.changed_data)  # against the hidden fields that say what was shown
        return {code: self.wordings()[code] for code, _name, column in LANGUAGES if {f"subject_{column}", f"text_{column}"} & touched}


@dataclass(frozen=True)
class Preview:
    """One language of the preview; with ``errors`` there is nothing to see."""

    code: str
    name: Any
    subject: str = ""
    html: str = ""
    text: str = ""
    errors: tuple[str, ...] = ()


def all_texts_page(page: "LetterTemplateAdmin", request: HttpRequest) -> HttpResponse:
    """Every letter of a fair that may have an own text, and in which languages it has one."""
    fairs = list(access.fairs_with(_user(request), Right.VIEW_LETTERS).order_by("-starts_on", "pk"))
    if not page.has_view_permission(request):
        raise PermissionDenied
    fair = _chosen(fairs, request)
    own = {(row.occasion, row.language): row for row in LetterTemplate.objects.filter(fair=fair)} if fair else {}
    context = {
        **page.admin_site.each_context(request),
        "title": _("Texts of letters"),
        "opts": page.opts,
        "fair": fair,
        "fairs": fairs,
        "languages": [name for _code, name, _column in LANGUAGES],
        "may_edit": fair is not None and access.has_right(_user(request), fair_id=fair.pk, right=Right.SEND_LETTERS),
        "rows": [
            {
                "occasion": occasion,
                "url": _url(fair, occasion) if fair else "",
                "own": [own.get((occasion.name, code)) for code, _name, _column in LANGUAGES],
            }
            for occasion in shipped_occasions()
        ],
        "fixed": fixed_letters(),
    }
    return TemplateResponse(request, "fairs/admin/letter_texts.html", context)


def texts_page(page: "LetterTemplateAdmin", request: HttpRequest, occasion: str) -> HttpResponse:
    """Write, preview, try and reset the own texts of one letter."""
    fairs = list(access.fairs_with(_user(request), Right.SEND_LETTERS).order_by("-starts_on", "pk"))
    if not access.has_right_anywhere(_user(request), Right.SEND_LETTERS):
        raise PermissionDenied
    fair, known = _chosen(fairs, request), occasion_named(occasion)
    if fair is None or known is None:
        raise Http404
    sample = known.sample(fair, _number(request))
    own = {row.language: row for row in LetterTemplate.objects.filter(fair=fair, occasion=occasion).select_related("changed_by")}
    form = TextsForm(request.POST or None, initial=_initial(request, fair, known, own, sample))
    if request.method == "POST" and (answer := _acted(request, fair, known, sample, form)) is not None:
        return answer
    previews = previews_of(request, known, sample, form.wordings())
    if request.headers.get(PREVIEW):
        return TemplateResponse(request, "fairs/admin/letter_previews.html", {"previews": previews})
    context = {
        **page.admin_site.each_context(request),
        "title": known.title,
        "opts": page.opts,
        "fair": fair,
        "form": form,
        "sample": sample,
        "previews": previews,
        "occasion": known,
        "placeholders": explained(known, sample, request),
        "columns": [
            {"code": code, "name": name, "subject": form[f"subject_{column}"], "text": form[f"text_{column}"], "own": own.get(code)}
            for code, name, column in LANGUAGES
        ],
        "back": f"{reverse('admin:notifications_lettertemplate_texts')}?fair={fair.pk}",
    }
    return TemplateResponse(request, "fairs/admin/letter_text.html", context)


def _acted(request: HttpRequest, fair: Fair, known: Occasion, sample: Sample | None, form: TextsForm) -> HttpResponse | None:
    """What the pressed button asks for; None shows the form again."""
    here = HttpResponseRedirect(_url(fair, known, sample=request.POST.get("sample", "")))
    if language := request.POST.get("reset"):
        if letter_templates.reset(fair=fair, occasion=known.name, language=language):
            messages.success(request, _("The shipped text goes again."))
        return here
    if request.headers.get(PREVIEW) or "preview" in request.POST or not form.is_valid():
        return None
    if language := request.POST.get("test"):
        _send_test(request, fair, known, sample, form, language)
        return None
    changed = form.changed()
    try:
        letter_templates.save(
            fair=fair, occasion=known.name, texts=changed, by=_user(request), now=clock.now(), seen=form.cleaned_data["seen"]
        )
    except Refused as refusal:
        for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
            name = str(error.get("pointer", "")).strip("/")
            form.add_error(name if name in form.fields else None, str(error["detail"]))
        return None
    messages.success(request, _("Letters say so from now on.") if changed else _("Nothing was changed."))
    return here


def _send_test(request: HttpRequest, fair: Fair, known: Occasion, sample: Sample | None, form: TextsForm, language: str) -> None:
    """One letter to the reader, in the words that stand in the form, saved or not."""
    user, wording = _user(request), form.wordings().get(language)
    if wording is None or sample is None:
        messages.warning(request, _("There is nothing at this fair yet that the letter could speak of."))
        return
    try:
        letter_templates.check(known, {language: wording})
        letter = NewLetter(
            key=f"test:{uuid.uuid4().hex}",
            to=user.email,
            name=user.name,
            user_id=user.pk,
            fair_id=fair.pk,
            occasion=known.name,
            language=language,
            time_zone=user.time_zone,
            about=f"test:{fair.pk}",
            reply_to=fair.reply_to,
            context=sample.context,
            wording=wording,
        )
        write_letters([letter], are_new=True)
    except Refused:
        messages.warning(request, _("Mend the text first."))
        return
    except UNFILLABLE as error:
        messages.warning(request, _("This example cannot fill the text: %(reason)s") % {"reason": error})
        return
    messages.success(request, _("A test letter is on its way to %(address)s.") % {"address": user.email})


def _initial(request: HttpRequest, fair: Fair, known: Occasion, own: dict[str, LetterTemplate], sample: Sample | None) -> dict[str, Any]:
    found: dict[str, Any] = {"seen": letter_templates.state_of(fair, known.name)}
    for code, _name, column in LANGUAGES:
        row = own.get(code)
        wording = Wording(row.subject, row.text) if row else _shipped(request, known, sample, code)
        found[f"subject_{column}"], found[f"text_{column}"] = wording.subject, wording.text
    return found


def _shipped(request: HttpRequest, known: Occasion, sample: Sample | None, language: str) -> Wording:
    if sample is None:
        return Wording("", "")
    try:
        return shipped_wording(known, _scope(request, sample, language))
    except UNFILLABLE:  # the field stays empty
        return Wording("", "")


def _scope(request: HttpRequest, sample: Sample, language: str) -> Scope:
    user, fair = _user(request), sample.context.get("fair")
    return Scope(sample.context, language, user.time_zone, user.name, user.email, getattr(fair, "reply_to", ""))


def previews_of(
    request: HttpRequest, known: Occasion, sample: Sample | None, wordings: dict[str, Wording], *, may_be_empty: bool = False
) -> list[Preview]:
    """What the texts look like for the example, in each language; ``may_be_empty``: one that nobody wrote is shown empty."""
    return [
        Preview(code, name)
        if may_be_empty and not wordings[code].subject + wordings[code].text
        else _preview(request, known, sample, wordings[code], code, name)
        for code, name, _column in LANGUAGES
    ]


def _preview(request: HttpRequest, known: Occasion, sample: Sample | None, wording: Wording, code: str, name: Any) -> Preview:
    if sample is None:
        return Preview(code, name, errors=(_("There is nothing at this fair yet that the letter could speak of."),))
    wrong = [*problems(wording.subject, known, is_subject=True), *problems(wording.text, known)]
    if wrong:
        return Preview(code, name, errors=tuple(dict.fromkeys(wrong)))
    try:
        made = rendering.render_wording(wording, known, _scope(request, sample, code))
    except UNFILLABLE as error:
        return Preview(code, name, errors=(_("This example cannot fill the text: %(reason)s") % {"reason": error},))
    return Preview(code, name, subject=made.subject, html=made.html, text=made.text)


def explained(known: Occasion, sample: Sample | None, request: HttpRequest) -> list[dict[str, Any]]:
    """The list of placeholders with what each means and what it is for the example, in the reader's language."""
    found = []
    for one in known.placeholders:
        value: Any = ""
        if sample is not None:
            try:
                value = one.value(_scope(request, sample, _user(request).language)) or ""
            except UNFILLABLE:
                value = ""
        shown = "; ".join(map(str, value)) if isinstance(value, list) else str(value)
        found.append({"name": one.name, "meaning": one.meaning, "value": shown[:80], "kind": one.kind.value})
    return found


def _user(request: HttpRequest) -> Any:
    return request.user


def _number(request: HttpRequest) -> int | None:
    typed = request.POST.get("sample") or request.GET.get("sample") or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


def _chosen(fairs: list[Fair], request: HttpRequest) -> Fair | None:
    """The fair that the address names among those that the reader may choose; the newest where it names none."""
    named = request.GET.get("fair")
    return next((fair for fair in fairs if named is None or str(fair.pk) == named), None)


def _url(fair: Fair, occasion: Occasion, *, sample: str = "") -> str:
    url = f"{reverse('admin:notifications_lettertemplate_text', args=[occasion.name])}?fair={fair.pk}"
    return f"{url}&sample={sample}" if sample.isdigit() else url
