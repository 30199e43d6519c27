"""The letters of this app that organisers may say in their own words, with the placeholders of each."""

from functools import partial
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from api.text import comma, labelled, semicolon
from exhibitors.letter_beginnings import REMINDER, STAFF_DIGEST, STAFF_REMINDER
from exhibitors.letter_figures import figures, new_companies, new_count
from exhibitors.letter_samples import sample_of
from notifications import moments
from notifications.fillers import area_of, as_shipped, day_of, greeting, moment_of, value_of
from notifications.occasions import Fixed, Kind, Occasion, Placeholder, Scope


def _wishes(scope: Scope) -> list[str]:
    """Area, scheme and days that were asked for, a line a site."""
    area = area_of("wish.area_wished_m2")
    lines = []
    for wish in scope.context.get("wishes") or ():
        shown = area(Scope({"wish": wish}, scope.language))
        days = moments.written_days(wish.first_day, wish.last_day, language=scope.language)
        lines.append(labelled(wish.site, comma().join(part for part in (shown, wish.get_scheme_display(), days) if part)))
    return lines


def _deadlines(scope: Scope) -> list[str]:
    """Each deadline of a digest with its moment, how long there is and what is missing; of staff's, with the companies."""
    zone = scope.context.get("fair_zone") or scope.reader_zone
    lines = []
    for item in [*scope.context.get("ahead", ()), *scope.context.get("over", ())]:
        due = moments.moment_in_zones(item["due_at"], fair_zone=zone, reader_zone=scope.reader_zone, language=scope.language)
        left = item["days_left_text"] if item["is_ahead"] else item["days_over_text"]
        named = not scope.context.get("company")
        by_hand = item.get("by_hand") and gettext("tick it off in the checklist once it is done")
        rows = (labelled(row["company"], row["why"]) if named else str(row["why"]) for row in item["rows"])
        missing = semicolon().join(rows)
        lines.append(" – ".join(str(part) for part in (item["deadline"], due, left, missing, by_hand) if part))
    return lines


def _document(scope: Scope) -> str:
    return _name_of(scope.context["document"]) if scope.context.get("document") else ""


def _name_of(document: Any) -> str:
    """What was asked for, or what the exhibitor calls it."""
    return str(document.requirement or document.title or document.file.original_name)


def _documents(scope: Scope) -> list[str]:
    """Each with the number of its version, where it is not the first."""
    version = gettext("%(document)s (version %(number)d)")
    return [
        version % {"document": _name_of(one), "number": one.version} if one.version > 1 else _name_of(one)
        for one in scope.context.get("documents") or ()
    ]


GREETING = Placeholder("greeting", _("the first line, with the reader's name"), greeting)
COMMON = (
    GREETING,
    Placeholder("recipient_name", _("the reader's name"), lambda scope: scope.recipient_name),
    Placeholder("fair", _("the fair"), value_of("fair")),
    Placeholder("reply_to", _("the fair's reply address"), value_of("fair.reply_to")),
)
COMPANY = (
    Placeholder("company", _("the company"), value_of("company")),
    Placeholder("application_number", _("number of the application"), value_of("application.pk")),
)
REASON = Placeholder("reason", _("what the organiser wrote"), value_of("reason"), Kind.LINES)
WISHES = Placeholder("wishes", _("area, scheme and days that were asked for, a line a site"), _wishes, Kind.LIST)
DESK = Placeholder("desk_url", _("address of the page at the desk"), value_of("desk_url"), Kind.LINK)
RESPONSIBLE = Placeholder("responsible", _("who is responsible"), value_of("application.responsible.get_full_name"))
HAPPENED = Placeholder("happened_at", _("when it happened"), moment_of("step.at"))
SUBMITTED = Placeholder("submitted_at", _("when it was submitted"), moment_of("step.at"))
PLACE = (
    Placeholder("site", _("the site"), value_of("placement.site")),
    Placeholder("city", _("the city"), value_of("placement.site.city")),
    Placeholder("hall", _("the hall"), value_of("placement.stand.hall")),
    Placeholder("stand_number", _("number of the stand"), value_of("placement.stand.number")),
    Placeholder("stand_area", _("area of the stand"), area_of("placement.stand.area_m2")),
    Placeholder("open_sides", _("number of open sides"), value_of("placement.stand.open_sides")),
    Placeholder("first_day", _("first day on the stand"), day_of("placement.first_day")),
    Placeholder("last_day", _("last day on the stand"), day_of("placement.last_day")),
    Placeholder("answer_by", _("until when to answer"), moment_of("placement.answer_by")),
)
PLAN = Placeholder("plan_url", _("address of the hall's public plan"), value_of("plan_url"), Kind.LINK)
DOCUMENT = (
    Placeholder("document", _("what was asked for"), _document),
    Placeholder("file_name", _("name of the file"), value_of("document.file.original_name")),
    Placeholder("valid_until", _("last day of validity"), day_of("document.valid_until")),
    Placeholder("fair_ends_on", _("last day of the fair"), day_of("fair.ends_on")),
)
CO_EXHIBITOR = (
    Placeholder("main_exhibitor", _("the main exhibitor"), value_of("main_exhibitor")),
    Placeholder("co_exhibitor", _("the co-exhibitor"), value_of("co_exhibitor")),
)
CHANGES_DUE = Placeholder("changes_due", _("until when to change it"), moment_of("application.changes_due_at"))
RANK = Placeholder("rank", _("place on the waiting list"), value_of("rank"))
DEADLINE = Placeholder("deadline", _("the deadline"), value_of("extension.deadline"))
NEW_DUE = Placeholder("due_at", _("until when there is time"), moment_of("extension.due_at"))
CLOSES = Placeholder("closes_at", _("when applications close"), moment_of("closes_at"))
DAYS = Placeholder("days", _("how many days ago it was begun"), value_of("days"))
WISH = Placeholder("wish", _("what is wished for"), value_of("wish"), Kind.LINES)
REGION = Placeholder("region", _("the company's region"), value_of("company.region.name"))
VERSION = Placeholder("version", _("number of the document's version"), value_of("document.version"))
DOCUMENTS = Placeholder("documents", _("the documents, one a line"), _documents, Kind.LIST)
# What the shipped letter says otherwise from case to case: an own text has it from there.
SAID = {
    "intro": _("what the letter is about, in a sentence"),
    "intro_title": _("what the letter is about, in a few words for the subject"),
    "outcome": _("what has come of it, in a sentence"),
    "outcome_title": _("what has come of it, in a few words for the subject"),
    "next_step": _("what happens next in this case"),
    "recorded": _("that staff recorded it, where they did"),
    "reason_title": _("the line above the reason, where there is a reason"),
    "wish_title": _("the line above the wish, where there is a wish"),
    "late": _("that the application came late, where it did"),
    "categories": _("the product categories, in a sentence"),
    "stand_kind": _("kind of the stand by its open sides, in words"),
    "begun": _("how long ago it was begun, in words"),
}


def _reminder(name: str, title: Any, *placeholders: Placeholder, begins_with: dict[str, tuple[str, str]]) -> Occasion:
    full_name = f"exhibitors.{name}"
    return Occasion(full_name, title, (*COMMON, COMPANY[0], DEADLINES, COUNT, *placeholders), partial(sample_of, full_name), begins_with)


def _occasion(name: str, title: Any, *placeholders: Placeholder | str, about_company: bool = True) -> Occasion:
    """``placeholders``: those that are but a name are words that the shipped letter has for the case (``SAID``)."""
    own = COMPANY if about_company else CO_EXHIBITOR
    full_name = f"exhibitors.{name}"
    known = [Placeholder(one, SAID[one], as_shipped(full_name, one)) if isinstance(one, str) else one for one in placeholders]
    return Occasion(full_name, title, (*COMMON, *own, *known), partial(sample_of, full_name))


DEADLINES = Placeholder("deadlines", _("each deadline with its moment and what is missing, a line each"), _deadlines, Kind.LIST)
COUNT = Placeholder("count", _("how many deadlines"), value_of("count"))
TASKS = Placeholder("tasks_url", _("address of the tasks of staff"), value_of("tasks_url"), Kind.LINK)
MAILING = "exhibitors.mailing"
DIGEST = (
    Placeholder("figures", _("what there is to know, a figure a line; what is nought is left out"), figures, Kind.LIST),
    Placeholder("new_count", _("how many companies have applied today; without any its line is left out"), new_count),
    Placeholder("new_companies", _("companies that have applied today, one a line"), new_companies, Kind.LIST),
    DESK,
    Placeholder("settings_url", _("address of the page on which each chooses the own notices"), value_of("settings_url"), Kind.LINK),
)
CLAIM = (
    Placeholder("person", _("who has entered the company"), value_of("claim.person.get_full_name")),
    Placeholder("person_email", _("that person's address"), value_of("claim.person.email")),
    Placeholder("company_entered", _("the company as that person has entered it"), value_of("claim.entered.legal_name")),
    Placeholder("company_before", _("the company that was there before"), value_of("claim.existing.legal_name")),
    DESK,
)

OCCASIONS = (
    _occasion("application_received", _("Application received"), SUBMITTED, WISHES, "recorded", "late"),
    _occasion("changes_requested", _("Changes requested"), REASON, CHANGES_DUE),
    _occasion("admitted", _("Admitted"), "next_step"),
    _occasion("waitlisted", _("On the waiting list"), RANK),
    _occasion("rejected", _("Rejected"), REASON),
    _occasion("stand_offered", _("Stand offered"), *PLACE, PLAN, REASON, "intro", "intro_title", "stand_kind", "next_step"),
    _occasion("offer_withdrawn", _("Offer withdrawn"), *PLACE, REASON, "reason_title", "next_step"),
    _occasion("offer_lapsed", _("Offer lapsed"), *PLACE, "outcome", "outcome_title", "next_step"),
    _occasion("move_closed", _("Wish to move closed"), REASON, "reason_title"),
    _occasion("stand_fallen_free", _("A stand has fallen free")),
    _occasion("deadline_extended", _("More time for a deadline"), DEADLINE, NEW_DUE, REASON, "reason_title"),
    _reminder("deadline_reminder", _("Reminder of deadlines"), begins_with=REMINDER),
    _occasion("draft_waiting", _("Draft not submitted"), DAYS, "begun", CLOSES),
    _occasion("document_returned", _("Document returned"), *DOCUMENT, REASON),
    _occasion("document_expires", _("Document about to expire"), *DOCUMENT, VERSION),
    _occasion("document_expired", _("Document has run out"), *DOCUMENT, VERSION),
    _occasion("cancelled", _("Participation cancelled"), REASON),
    _occasion("co_exhibitor_declared", _("Co-exhibitor named"), about_company=False),
    _occasion("co_exhibitor_named", _("Co-exhibitor named, to its contact"), about_company=False),
    _occasion("co_exhibitor_confirmed", _("Co-exhibitor has confirmed"), about_company=False),
    _occasion("co_exhibitor_admitted", _("Co-exhibitor admitted"), "next_step", about_company=False),
    _occasion("co_exhibitor_refused", _("Co-exhibitor refused"), REASON, about_company=False),
    _occasion("co_exhibitor_withdrawn", _("Co-exhibitor withdrawn"), about_company=False),
    _occasion("co_exhibitor_ended", _("Main exhibitor's participation has ended"), about_company=False),
    _reminder("staff_deadline_reminder", _("To staff: deadlines of their exhibitors"), DESK, TASKS, begins_with=STAFF_REMINDER),
    _occasion(
        "new_application",
        _("To staff: new application"),
        *(SUBMITTED, WISHES, RESPONSIBLE, REGION, DESK),
        *("intro", "intro_title", "recorded", "late", "categories"),
    ),
    _occasion(
        "offer_answered",
        _("To staff: offer answered"),
        *(*PLACE, REASON, DESK),
        *("outcome", "outcome_title", "recorded", "reason_title", "next_step"),
    ),
    _occasion("offer_lapsed_for_staff", _("To staff: offer lapsed"), *PLACE, DESK, "outcome", "outcome_title", "next_step"),
    _occasion("withdrawn", _("To staff: application withdrawn"), REASON, HAPPENED, DESK, "recorded", "reason_title"),
    _occasion("cancelled_for_staff", _("To staff: participation cancelled"), REASON, HAPPENED, DESK),
    _occasion("move_requested", _("To staff: another stand wished"), *PLACE, REASON, WISH, DESK, "recorded", "reason_title", "wish_title"),
    _occasion(
        "decision_for_coordinator",
        _("To coordinators: decision"),
        *(REASON, REGION, DESK),
        *("outcome", "outcome_title", "reason_title", "next_step"),
    ),
    _occasion("documents_to_review", _("To staff: documents to review"), DOCUMENTS, DESK),
    _occasion("co_exhibitor_to_decide", _("To staff: co-exhibitor to decide on"), DESK, about_company=False),
    Occasion(
        "exhibitors.staff_digest",
        _("To staff: daily digest"),
        (*COMMON, *DIGEST),
        partial(sample_of, "exhibitors.staff_digest"),
        STAFF_DIGEST,
    ),
    Occasion(
        "exhibitors.claim_opened", _("To staff: claim on a company"), (*COMMON, *CLAIM), partial(sample_of, "exhibitors.claim_opened")
    ),
    Occasion(
        MAILING, _("Mailing"), (*COMMON, *COMPANY, *PLACE[:8]), lambda fair, number: sample_of(MAILING, fair, number), is_shipped=False
    ),
)

_ABOUT_A_COMPANY = _("It is about who acts for a company, which may take part in many fairs or in none.")
FIXED = (
    Fixed("exhibitors.company_invitation", _("Invitation to act for a company, with the code"), _ABOUT_A_COMPANY),
    Fixed("exhibitors.claim_granted", _("Claim on a company granted"), _ABOUT_A_COMPANY),
)
