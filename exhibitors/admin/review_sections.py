"""What the one-screen review says of an application: sections of facts and tables, each made by one function."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from accounts.models import User
from api.languages import active_language, pick
from exhibitors.admin.changes import lines_of, who_text
from exhibitors.domain.change_texts import ChangeTexts
from exhibitors.domain.checklist import ITEM_STATES, checklist
from exhibitors.domain.pass_quotas import passes_of
from exhibitors.domain.review_looks import changes_of
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Application
from fairs import access
from fairs.admin.base import link, moment_text
from fairs.roles import Right
from fairs.units import area_text
from notifications.access import letters_seen_by

_MOST_LETTERS = 30


@dataclass(frozen=True)
class Section:
    """``facts`` are label and value, ``rows`` a table under ``header``; without either the section says that there is nothing."""

    slug: str
    title: str
    facts: list[tuple[str, Any]] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    is_open: bool = False
    url: str = ""  # where the same can be changed, or read in full

    @property
    def count(self) -> int | None:
        return len(self.rows) if self.header else None

    @property
    def is_empty(self) -> bool:
        return not self.facts and not self.rows


@dataclass(frozen=True)
class Subject:
    """The application with whoever reads about it."""

    application: Application
    reader: User
    looked_at: datetime | None = None  # when this reader looked the last time before this

    @property
    def zone(self) -> Any:
        return self.application.fair.zone


def sections_of(subject: Subject) -> list[Section]:
    """In the order in which a reviewer asks; what is decided on lies open, the rest is folded."""
    return [make(subject) for make in _SECTIONS]


def _changes(subject: Subject) -> Section:
    """What the exhibitor, or an organiser for it, has changed after submitting; what this reader has not seen is marked in words."""
    found = changes_of(subject.application, reader=subject.reader, since=subject.looked_at)
    texts = ChangeTexts(subject.application.fair)
    rows = [
        (
            _lines(filter(None, (moment_text(one.change.at, subject.zone), _("new to you") if one.is_new else ""))),
            lines_of(texts.differences(one.change)),
            who_text(one.change),
        )
        for one in found
    ]
    count_new = sum(one.is_new for one in found)
    facts = []
    if subject.looked_at and found:
        since = moment_text(subject.looked_at, subject.zone)
        facts = [(_("since you last looked, %(moment)s") % {"moment": since}, count_new or _("nothing new"))]
    header = [_("at"), _("what: before → after"), _("by")]
    return Section("changes", _("Changed after it was submitted"), facts=facts, header=header, rows=rows, is_open=bool(rows))


def _company(subject: Subject) -> Section:
    company = subject.application.company
    names = [getattr(company, f"name_{code}") for code in ("ru", "zh_hans", "en")]
    facts: list[tuple[str, Any]] = [
        (_("legal name"), company.legal_name),
        (pgettext("company", "name"), " · ".join(dict.fromkeys(filter(None, names)))),
        (_("country"), company.country),
        (_("region"), company.region or ""),
        *((name.upper(), getattr(company, name)) for name in ("inn", "ogrn", "kpp", "uscc")),
        (_("website"), company.website),
        (_("brands"), ", ".join((company.brands or "").splitlines())),
        (_("description"), company.description),
        (_("contacts"), _lines(_contact(contact) for contact in company.contacts.all())),
        (_("people who act for it"), company.members.count()),
    ]
    url = reverse("admin:exhibitors_company_change", args=[company.pk])
    return Section("company", _("Company"), facts=_given(facts), is_open=True, url=url)


def _contact(contact: Any) -> str:
    return " · ".join(filter(None, (contact.get_role_display(), contact.name, contact.email, contact.phone)))


def _asked_for(subject: Subject) -> Section:
    application = subject.application
    rows = [
        (
            wish.site,
            _areas(wish),
            wish.get_scheme_display(),
            wish.open_sides or "–",
            f"{_day(wish.first_day)} – {_day(wish.last_day)}",
        )
        for wish in application.site_wishes.all()
    ]
    header = [_("site"), _("area"), _("scheme"), _("open sides"), _("days")]
    facts = [(_("product categories"), ", ".join(str(category) for category in application.categories.all()))]
    return Section("asked-for", _("Asked for"), facts=_given(facts), header=header, rows=rows, is_open=True)


def _areas(wish: Any) -> str:
    wished = area_text(wish.area_wished_m2) if wish.area_wished_m2 else "–"
    bounds = [area_text(area) if area else "…" for area in (wish.area_min_m2, wish.area_max_m2)]
    return f"{wished} ({' – '.join(bounds)})" if any(bound != "…" for bound in bounds) else wished


def _stands(subject: Subject) -> Section:
    placements = subject.application.placements.select_related("stand__hall", "site").order_by("-pk")
    rows = [
        (
            placement.site,
            link(reverse("admin:fairs_stand_change", args=[placement.stand_id]), placement.stand.number),
            area_text(placement.stand.area_m2),
            f"{_day(placement.first_day)} – {_day(placement.last_day)}",
            PlacementStatus(placement.status).label,
            moment_text(placement.answer_by, subject.zone) if placement.status == PlacementStatus.OFFERED else "–",
        )
        for placement in placements
    ]
    header = [_("site"), _("stand"), _("area"), _("days"), _("status"), _("answer by")]
    return Section("stands", _("Stands"), header=header, rows=rows, is_open=bool(rows))


def _co_exhibitors(subject: Subject) -> Section:
    rows = [
        (link(reverse("admin:exhibitors_coexhibitor_change", args=[row.pk]), row.shown_name), row.get_status_display(), row.reason)
        for row in subject.application.co_exhibitors.select_related("company")
    ]
    return Section("co-exhibitors", _("Co-exhibitors"), header=[_("company"), _("status"), _("reason")], rows=rows)


def _people(subject: Subject) -> Section:
    people = subject.application.stand_staff.prefetch_related("days__site").order_by("pk")
    rows = [
        (
            link(reverse("admin:exhibitors_standstaff_change", args=[person.pk]), person),
            person.get_role_display(),
            _lines(f"{row.site}: {_day(row.first_day)} – {_day(row.last_day)}" for row in person.days.all()),
            _("yes") if person.needs_visa_invitation else _("no"),
        )
        for person in people
    ]
    passes = [
        (
            str(one.site),
            _("%(used)s of %(quota)s passes used") % {"used": one.used, "quota": one.quota},
        )
        for one in passes_of(subject.application)
    ]
    header = [pgettext("person", "name"), _("role on the stand"), _("sites and days"), _("needs a visa invitation")]
    return Section("people", _("People on the stand"), facts=passes if rows else [], header=header, rows=rows)


def _documents(subject: Subject) -> Section:
    found = subject.application.documents.current().select_related("requirement", "site", "file").order_by("-pk")
    rows = [
        (
            link(reverse("admin:exhibitors_document_review", args=[document.pk]), document.requirement or document.title or document.file),
            document.get_state_display(),
            document.reason,
            moment_text(document.uploaded_at, subject.zone),
            _day(document.valid_until) if document.valid_until else "–",
        )
        for document in found
    ]
    header = [_("document"), _("state"), _("reason"), _("uploaded"), _("valid until")]
    return Section("documents", _("Documents"), header=header, rows=rows)


def _checklist(subject: Subject) -> Section:
    rows = [
        (_title(item.title), ITEM_STATES[item.state], moment_text(item.due_at, subject.zone), item.why)
        for item in checklist(subject.application, now=clock.now())
    ]
    return Section("checklist", _("Checklist"), header=[_("title"), _("state"), _("due"), _("why")], rows=rows)


def _other_applications(subject: Subject) -> Section:
    seen = access.within(subject.reader, Right.VIEW_APPLICATIONS, fair="fair", region="company__region__code")
    others = Application.objects.filter(seen, company=subject.application.company_id).exclude(pk=subject.application.pk)
    rows = [
        (
            link(reverse("admin:exhibitors_application_review", args=[other.pk]), other.fair),
            other.get_status_display(),
            _day(other.submitted_at.astimezone(other.fair.zone).date()) if other.submitted_at else "–",
        )
        for other in others.select_related("fair").order_by("-fair__starts_on", "-pk")
    ]
    return Section("others", _("Other applications of the company"), header=[_("fair"), _("status"), _("submitted")], rows=rows)


def _history(subject: Subject) -> Section:
    rows = [
        (
            moment_text(step.at, subject.zone),
            STEP_TEXTS[Step(step.step)].done,
            _who(step),
            step.reason,
        )
        for step in subject.application.steps.select_related("by").order_by("-at", "-pk")
    ]
    return Section("history", _("History"), header=[_("at"), _("step"), _("by"), _("reason")], rows=rows)


def _who(step: Any) -> str:
    name = step.by.get_full_name() if step.by else _("nobody: an import, or the clock")
    return ", ".join([name, _("for the exhibitor")]) if step.on_behalf else name


def _letters(subject: Subject) -> Section:
    about = f"application:{subject.application.pk}"
    found = letters_seen_by(subject.reader).filter(about=about).order_by("-pk")[:_MOST_LETTERS]
    rows = [
        (
            moment_text(letter.created_at, subject.zone),
            link(reverse("admin:notifications_letter_change", args=[letter.pk]), letter.subject),
            letter.recipient_email,
            letter.get_status_display(),
        )
        for letter in found
    ]
    header = [_("at"), _("subject"), _("to"), _("status")]
    return Section("letters", _("Letters"), header=header, rows=rows)


_SECTIONS: list[Callable[[Subject], Section]] = [
    _changes,
    _company,
    _asked_for,
    _stands,
    _co_exhibitors,
    _people,
    _documents,
    _checklist,
    _other_applications,
    _history,
    _letters,
]


def _title(texts: Any) -> str:
    return pick(texts, active_language())


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _lines(texts: Iterable[str]) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((text,) for text in texts))


def _given(facts: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [(label, value) for label, value in facts if value not in ("", None)]
