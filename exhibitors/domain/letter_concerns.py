"""Which letters concern a company, and who reads for it today."""

from typing import Any

from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower

from exhibitors.domain.readers import exhibitor_readers_of
from exhibitors.domain.search import matching
from exhibitors.models import Application, CoExhibitor, Company, CompanyContact, CompanyMember
from notifications.concerns import Present
from notifications.models import Letter

# Written to a company's people about its application; letters to staff about it are not theirs.
_TO_EXHIBITORS = frozenset(
    f"exhibitors.{name}"
    for name in (
        *("application_received", "changes_requested", "admitted", "waitlisted", "rejected", "cancelled", "draft_waiting", "mailing"),
        *("stand_offered", "offer_withdrawn", "offer_lapsed", "move_closed", "stand_fallen_free"),
        *("deadline_extended", "deadline_reminder", "document_returned", "document_expires", "document_expired"),
    )
)


def letters_found_by(query: str) -> Q:
    """The letters that concern companies of these words, also as co-exhibitors or about those beside them."""
    companies = matching(Company.objects.all(), query, numbers=True)
    found = companies.order_by().values("pk")
    co_exhibitors = CoExhibitor.objects.filter(Q(company__in=found) | Q(application__company__in=found))
    return letters_of_companies(companies) | Q(about__in=about("co_exhibitor", co_exhibitors))


def letters_of_companies(companies: QuerySet[Company]) -> Q:
    """About them and their applications, or to their people at the fairs of theirs."""
    found = companies.order_by().values("pk")
    applications = Application.objects.filter(company__in=found)
    concerned = Q(about__in=about("application", applications)) | Q(about__in=about("company", companies))
    return concerned | Q(fair__in=applications.values("fair")) & to_people_of(companies)


def to_people_of(companies: QuerySet[Company]) -> Q:
    """To their members and contacts, whatever their roles."""
    found = companies.order_by().values("pk")
    members = CompanyMember.objects.filter(company__in=found).order_by().annotate(box=Lower("user__email"))
    contacts = CompanyContact.objects.filter(company__in=found).order_by().annotate(box=Lower("email"))
    return Q(address__in=members.values("box")) | Q(address__in=contacts.values("box"))


def about(word: str, rows: QuerySet[Any]) -> QuerySet[Any]:
    named = Concat(Value(f"{word}:"), Cast("pk", CharField()), output_field=CharField())
    return rows.order_by().annotate(named=named).values("named")


def present_reader(letter: Letter) -> Present | None:
    """Whom the letter would be written to today, where its address is not the company's any more.

    A person who has got another address is followed there; else it is somebody who reads for the company and has not got this letter.
    """
    if letter.user is not None and letter.user.is_active and letter.user.email.lower() != letter.address:
        return Present(letter.user.name, letter.user.email, letter.user.pk)
    word, _colon, number = letter.about.partition(":")
    if word != "application" or not number.isdecimal() or letter.occasion not in _TO_EXHIBITORS:
        return None
    company = Application.objects.filter(pk=number).values_list("company", flat=True).first()
    if company is None:
        return None
    readers = exhibitor_readers_of([company])[company]
    if any(reader.address == letter.address for reader in readers):
        return None
    same = Letter.objects.filter(about=letter.about, occasion=letter.occasion)
    has_it = set(same.values_list("address", flat=True))
    found = sorted(readers, key=lambda reader: (reader.address in has_it, reader.language != letter.language))
    return Present(found[0].name, found[0].email, found[0].user_id) if found else None
