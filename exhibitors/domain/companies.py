"""Companies: written from plain values by the API, the desk and the import alike."""

from collections.abc import Sequence
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain import users
from accounts.models import User
from api.problems import Invalid, field_error
from exhibitors.domain import catalogue
from exhibitors.domain.company_values import CheckedCompany, CompanyValues, ContactValues, Reference, check, main_time_zone
from exhibitors.domain.search import fold, search_text_of
from exhibitors.enums import CompanyRole
from exhibitors.models import Company, CompanyContact, CompanyMember

UNIQUE_NUMBERS = {"inn", "ogrn", "uscc"}  # one legal person each; branches share all but the KPP
_NAMES = {"legal_name", "name_ru", "name_zh_hans", "name_en"}


@transaction.atomic
def create(*, by: User | None, as_staff: bool = False, **values: Unpack[CompanyValues]) -> Company:
    """A new company. A person who creates it becomes its owner, unless staff enters it for somebody (``as_staff``).

    With their first company, people who have not chosen a time zone get the main one of its region.
    Raises Invalid with a pointer for every value that is wrong, and for the number of a company that they act for already.
    """
    checked = check(values, reference=Reference.load())
    if by is not None and not as_staff:
        _refuse_own_number(by, checked)
    (company,) = create_many([checked], entered_by=by if as_staff else None)
    if by is not None and not as_staff:
        CompanyMember.objects.create(company=company, user=by, role=CompanyRole.OWNER)
        _settle_time_zone(by, company)
    return company


def _refuse_own_number(by: User, checked: CheckedCompany, *, besides: int | None = None) -> None:
    """Raise Invalid when ``by`` acts for a company with one of these numbers already (``besides``: not the one being changed).

    Companies of others are not asked about: the answer would tell who is registered.
    """
    numbers = {name: number for name in sorted(UNIQUE_NUMBERS) if (number := checked.fields.get(name))}
    if not numbers:
        return
    User.objects.select_for_update(no_key=True).get(pk=by.pk)  # two requests at once see each other's company
    own = list(Company.objects.filter(members__user=by).exclude(pk=besides).values(*numbers))
    errors = [
        field_error(f"/tax_ids/{name}", "own_company", _("You act for a company with this number already."))
        for name, number in numbers.items()
        if any(company[name] == number for company in own)
    ]
    if errors:
        raise Invalid(errors)


def _settle_time_zone(user: User, company: Company) -> None:
    # With the first company alone: whoever went back to UTC after that has chosen it.
    if company.region is None or CompanyMember.objects.filter(user=user).exclude(company=company).exists():
        return
    users.settle_time_zone(user=user, time_zone=main_time_zone(country=company.country, region=company.region))


@transaction.atomic
def create_many(companies: Sequence[CheckedCompany], *, entered_by: User | None = None) -> list[Company]:
    """New companies from checked values, in a fixed number of queries; they have no members."""
    rows = []
    for checked in companies:
        row = Company(entered_by=entered_by)
        _write(row, checked)
        rows.append(row)
    Company.objects.bulk_create(rows, batch_size=500)
    belongings = Company.categories.through
    belongings.objects.bulk_create(
        [
            belongings(company_id=row.pk, productcategory_id=category.pk)
            for row, checked in zip(rows, companies, strict=True)
            for category in checked.categories or []
        ],
        batch_size=500,
    )
    CompanyContact.objects.bulk_create(
        [
            CompanyContact(company=row, **contact)
            for row, checked in zip(rows, companies, strict=True)
            for contact in checked.contacts or []
        ],
        batch_size=500,
    )
    return rows


@transaction.atomic
def update(*, company_id: int, by: User | None, **values: Unpack[CompanyValues]) -> Company:
    """Change what is given and leave the rest alone; ``categories`` and ``contacts`` replace the whole list.

    The catalogue follows a change of names. Raises Invalid with a pointer for every value that is wrong.
    """
    company = Company.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=company_id)
    checked = check(values, reference=Reference.load(), company=company)
    if by is not None and UNIQUE_NUMBERS & changes(company, checked) and company.members.filter(user=by).exists():
        _refuse_own_number(by, checked, besides=company.pk)
    changed = _write(company, checked)
    if changed:
        company.save()
    if checked.categories is not None:
        company.categories.set(checked.categories)
    if checked.contacts is not None:
        _replace_contacts(company, checked.contacts)
    if changed & _NAMES:
        catalogue.refresh_company(company.pk)
    return company


@transaction.atomic
def put_contact(*, company_id: int, contact: ContactValues) -> bool:
    """Add a contact, or bring the one of the same role and address (else of the same name) up to date. True when that changed anything.

    Raises Invalid with pointers under ``/contacts/0``.
    """
    company = Company.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=company_id)
    checked = check({"contacts": [contact]}, reference=Reference.load(), company=company)
    (fields,) = checked.contacts or []
    there = same_contact(list(company.contacts.all()), fields)
    if there is None:
        CompanyContact.objects.create(company=company, **fields)
        return True
    # What is not given keeps what the company has set itself, such as another language.
    changed = [name for name in contact if getattr(there, name) != fields[name]]
    for name in changed:
        setattr(there, name, fields[name])
    if changed:
        there.save(update_fields=changed)
    return bool(changed)


def same_contact(contacts: Sequence[CompanyContact], fields: dict[str, str]) -> CompanyContact | None:
    """Who of ``contacts`` is meant: by role and address, else by role and name."""
    of_role = [contact for contact in contacts if contact.role == fields["role"]]
    by_address = [contact for contact in of_role if contact.email.lower() == fields["email"]]
    by_name = [contact for contact in of_role if fold(contact.name) == fold(fields["name"])]
    return next(iter([*by_address, *by_name]), None)


def changes(company: Company, checked: CheckedCompany) -> set[str]:
    """The columns in which ``company`` differs from checked values."""
    return {name for name, value in checked.fields.items() if (getattr(company, name) or None) != (value or None)}


def _write(company: Company, checked: CheckedCompany) -> set[str]:
    changed = changes(company, checked)
    for name in changed:
        setattr(company, name, checked.fields[name])
    # Before the categories are written: a new company has no row yet that they could belong to.
    categories = checked.categories if checked.categories is not None else company.categories.all() if company.pk else []
    search_text = search_text_of(company, sorted(categories, key=lambda category: category.code))
    if search_text != company.search_text:
        company.search_text = search_text
        changed.add("search_text")
    return changed


def _replace_contacts(company: Company, contacts: Sequence[dict[str, str]]) -> None:
    kept = set()
    for fields in contacts:
        key: dict[str, Any] = {"role": fields["role"], "email": fields["email"]}
        contact, _created = CompanyContact.objects.update_or_create(company=company, **key, defaults=fields)
        kept.add(contact.pk)
    company.contacts.exclude(pk__in=kept).delete()
