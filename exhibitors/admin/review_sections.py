"""What the one-screen review says of an application: sections of facts and tables, each made by one function."""

from collections.abc import Callable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from api.text import labelled
from exhibitors.admin.changes import lines_of, who_text
from exhibitors.admin.review_form_sections import answers, asked_for, company, duplicates, products, represented
from exhibitors.admin.review_section import Section, Subject, day, lines, title
from exhibitors.domain.change_texts import ChangeTexts
from exhibitors.domain.checklist import ITEM_STATES, checklist
from exhibitors.domain.pass_quotas import passes_of
from exhibitors.domain.review_looks import changes_of
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import PlacementStatus, Step
from exhibitors.models import Application, ApplicationStep
from fairs import access
from fairs.admin.base import link
from fairs.moments import moment_of_both, moment_text
from fairs.roles import Right
from fairs.units import area_text
from notifications.access import letters_seen_by

_MOST_LETTERS = 30


def sections_of(subject: Subject) -> list[Section]:
    """In the order in which a reviewer asks; what is decided on lies open, the rest is folded."""
    return [make(subject) for make in _SECTIONS]


def _changes(subject: Subject) -> Section:
    """What the exhibitor, or an organiser for it, has changed after submitting; what this reader has not seen is marked in words."""
    found = changes_of(subject.application, reader=subject.reader, since=subject.looked_at)
    texts = ChangeTexts(subject.application.fair)
    rows = [
        (
            lines(filter(None, (moment_text(one.change.at, subject.zone), _("new to you") if one.is_new else ""))),
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


def _stands(subject: Subject) -> Section:
    placements = subject.application.placements.select_related("stand__hall", "site").order_by("-pk")
    rows = [
        (
            placement.site,
            link(reverse("admin:fairs_stand_change", args=[placement.stand_id]), placement.stand.number),
            area_text(placement.stand.area_m2),
            f"{day(placement.first_day)} – {day(placement.last_day)}",
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
            lines(labelled(row.site, f"{day(row.first_day)} – {day(row.last_day)}") for row in person.days.all()),
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
            day(document.valid_until) if document.valid_until else "–",
        )
        for document in found
    ]
    header = [_("document"), _("state"), _("reason"), _("uploaded"), _("valid until")]
    return Section("documents", _("Documents"), header=header, rows=rows)


def _checklist(subject: Subject) -> Section:
    zones = {"fair_zone": subject.application.fair.time_zone, "reader_zone": subject.reader.time_zone}
    rows = [
        (title(item.title), ITEM_STATES[item.state], moment_of_both(item.due_at, **zones), item.why)
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
            day(other.fair.day_of(other.submitted_at)) if other.submitted_at else "–",
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
            step.reason or "–",
            _told(step, subject),
        )
        for step in subject.application.steps.select_related("by", "announcement").order_by("-at", "-pk")
    ]
    return Section("history", _("History"), header=[_("at"), _("step"), _("by"), _("reason"), _("told to the exhibitor")], rows=rows)


def _who(step: Any) -> str:
    name = step.by.get_full_name() if step.by else _("nobody: an import, or the clock")
    return ", ".join([name, _("for the exhibitor")]) if step.on_behalf else name


def _told(step: ApplicationStep, subject: Subject) -> str:
    """Whether a step was held, and what became of it."""
    if not step.held:
        return _("at once")
    if step.announced_at:
        return _("held, announced %(moment)s") % {"moment": moment_text(step.announced_at, subject.zone)}
    if step.voided_at:
        return _("held, void since %(moment)s: never told") % {"moment": moment_text(step.voided_at, subject.zone)}
    if step.announcement:
        return _("held until the announcement of %(moment)s") % {"moment": moment_text(step.announcement.at, subject.zone)}
    return _("held, no moment yet")


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
    header = [_("at"), _("subject"), pgettext("letter", "to"), _("status")]
    return Section("letters", _("Letters"), header=header, rows=rows)


_SECTIONS: list[Callable[[Subject], Section]] = [
    _changes,
    company,
    duplicates,
    asked_for,
    products,
    represented,
    answers,
    _stands,
    _co_exhibitors,
    _people,
    _documents,
    _checklist,
    _other_applications,
    _history,
    _letters,
]
