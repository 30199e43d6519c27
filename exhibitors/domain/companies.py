"""Companies: written from plain values by the API, the desk and the import alike."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.domain import users
from accounts.models import User
from api.problems import Invalid, field_error
from api.text import fold
from exhibitors.domain import catalogue, changes, claims, duplicates
from exhibitors.domain.claims import UNIQUE_NUMBERS
from exhibitors.domain.company_values import CheckedCompany, CompanyValues, ContactValues, Reference, check, main_time_zone
from exhibitors.domain.differences import Diff, columns_of
from exhibitors.domain.search import search_text_of
from exhibitors.enums import ChangeSource, ChangeSubject, CompanyRole
from exhibitors.models import Company, CompanyContact, CompanyMember, ProductCategory

_NAMES = {"legal_name", "name_ru", "name_zh_hans", "name_en"}
_DERIVED = {"search_text", *duplicates.COLUMNS}  # from the other columns
_FINDS_DUPLICATES = {*UNIQUE_NUMBERS, *duplicates.COLUMNS}


@transaction.atomic
def create(
    *, by: User | None, as_staff: bool = False, now: datetime | None = None, needs_region: bool = False, **values: Unpack[CompanyValues]
) -> Company:
    """A new company. A person who creates it becomes its owner, unless staff enters it for somebody (``as_staff``).

    With their first company, people who have not chosen a time zone get the main one of its region.
    A number that somebody else's company has opens a claim that staff decide on, and tells nobody (domain/claims.py). Raises
    Invalid with a pointer for every value that is wrong, and for the number of a company that they act for already.
    """
    checked = check(values, reference=Reference.load(), needs_region=needs_region)
    if by is not None and not as_staff:
        _refuse_own_number(by, checked)
    (company,) = create_many([checked], entered_by=by if as_staff else None, now=now)
    source = changes.source_of(by=by, as_staff=as_staff)
    changes.record(company_id=company.pk, subject=ChangeSubject.COMPANY, by=by, source=source, now=now, fields=_given(checked))
    if by is not None and not as_staff:
        CompanyMember.objects.create(company=company, user=by, role=CompanyRole.OWNER)
        _settle_time_zone(by, company)
        claims.open_where_known(company, by=by, now=now)
    return company


def _given(checked: CheckedCompany) -> set[str]:
    """The names under which a new company's values count as edited: what was left empty is not."""
    names = {name for name, value in checked.fields.items() if value}
    names |= {contacts_of(contact["role"]) for contact in checked.contacts or []}
    return names | ({"categories"} if checked.categories else set())


def contacts_of(role: str) -> str:
    """The name under which the contacts of a role count as edited."""
    return f"contacts:{role}"


def is_contacts(name: str) -> bool:
    return name.startswith("contacts:")


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
def create_many(companies: Sequence[CheckedCompany], *, entered_by: User | None = None, now: datetime | None = None) -> list[Company]:
    """New companies from checked values, in a fixed number of queries; they have no members. Duplicates are flagged."""
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
    duplicates.look_for([row.pk for row in rows], now=now)
    return rows


@transaction.atomic
def update(
    *,
    company_id: int,
    by: User | None,
    source: ChangeSource | None = None,
    now: datetime | None = None,
    needs_region: bool = False,
    **values: Unpack[CompanyValues],
) -> Company:
    """Change what is given and leave the rest alone; ``categories`` and ``contacts`` replace the whole list.

    The catalogue follows a change of names. What a person changes is kept from then on from imports: ``source`` says who it was,
    and is found out from ``by`` where it is not given. Raises Invalid with a pointer for every value that is wrong.
    """
    company = Company.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=company_id)
    checked = check(values, reference=Reference.load(), company=company, needs_region=needs_region)
    new_numbers = UNIQUE_NUMBERS & differences(company, checked)
    is_member = source in (None, ChangeSource.MEMBER) and by is not None and company.members.filter(user=by).exists()
    if by is not None and new_numbers and is_member:
        _refuse_own_number(by, checked, besides=company.pk)
    before, diff = columns_of(company, checked.fields), Diff()
    changed = _write(company, checked)
    edited = changed - _DERIVED
    _note_columns(diff, {name: before[name] for name in before if name in edited}, company)
    if changed:
        company.save()
    if checked.categories is not None and _set_categories(company, checked.categories, diff):
        edited.add("categories")
    if checked.contacts is not None:
        edited |= _replace_contacts(company, checked.contacts)
    for name in sorted(edited):
        if is_contacts(name):
            diff.note_unsaid(name)  # who it is, is that person's own
    if edited:
        source = source or changes.source_of(by=by, as_staff=not is_member)
        changes.record(
            company_id=company.pk, subject=ChangeSubject.COMPANY, by=by, source=source, now=now, fields=edited, details=diff.details
        )
    if new_numbers and by is not None and is_member:
        claims.open_where_known(company, by=by, now=now)
    if changed & _FINDS_DUPLICATES or any(map(is_contacts, edited)):
        duplicates.look_for([company.pk], now=now)
    if changed & _NAMES:
        catalogue.refresh_company(company.pk)
    return company


def _note_columns(diff: Diff, before: dict[str, Any], company: Company) -> None:
    for name, value in before.items():
        after = getattr(company, name)
        if name == "region":
            value, after = (region.code if region else None for region in (value, after))
        diff.note(name, value, after)


def _set_categories(company: Company, categories: Sequence[ProductCategory], diff: Diff) -> bool:
    """Write the whole list. True when it differs from what was there."""
    there = dict(company.categories.values_list("pk", "code"))
    if {row.pk for row in categories} == set(there):
        return False
    company.categories.set(categories)
    diff.note("categories", sorted(there.values()), sorted(row.code for row in categories))
    return True


@transaction.atomic
def put_contact(*, company_id: int, contact: ContactValues, now: datetime | None = None) -> bool:
    """Add a contact, or bring the one of the same role and address (else of the same name) up to date. True when that changed anything.

    Raises Invalid with pointers under ``/contacts/0``.
    """
    company = Company.objects.select_for_update(of=("self",), no_key=True).select_related("region").get(pk=company_id)
    checked = check({"contacts": [contact]}, reference=Reference.load(), company=company)
    (fields,) = checked.contacts or []
    there = same_contact(list(company.contacts.all()), fields)
    if there is None:
        CompanyContact.objects.create(company=company, **fields)
        duplicates.look_for([company.pk], now=now)
        return True
    # What is not given keeps what the company has set itself, such as another language.
    changed = [name for name in contact if getattr(there, name) != fields[name]]
    for name in changed:
        setattr(there, name, fields[name])
    if changed:
        there.save(update_fields=changed)
    if "phone" in changed:
        duplicates.look_for([company.pk], now=now)
    return bool(changed)


def same_contact(contacts: Sequence[CompanyContact], fields: dict[str, str]) -> CompanyContact | None:
    """Who of ``contacts`` is meant: by role and address, else by role and name."""
    of_role = [contact for contact in contacts if contact.role == fields["role"]]
    by_address = [contact for contact in of_role if contact.email.lower() == fields["email"]]
    by_name = [contact for contact in of_role if fold(contact.name) == fold(fields["name"])]
    return next(iter([*by_address, *by_name]), None)


def differences(company: Company, checked: CheckedCompany) -> set[str]:
    """The columns in which ``company`` differs from checked values."""
    return {name for name, value in checked.fields.items() if (getattr(company, name) or None) != (value or None)}


def _write(company: Company, checked: CheckedCompany) -> set[str]:
    changed = differences(company, checked)
    for name in changed:
        setattr(company, name, checked.fields[name])
    for name, key in duplicates.keys_of(company).items():
        if getattr(company, name) != key:
            setattr(company, name, key)
            changed.add(name)
    # Before the categories are written: a new company has no row yet that they could belong to.
    categories = checked.categories if checked.categories is not None else company.categories.all() if company.pk else []
    search_text = search_text_of(company, sorted(categories, key=lambda category: category.code))
    if search_text != company.search_text:
        company.search_text = search_text
        changed.add("search_text")
    return changed


def _replace_contacts(company: Company, contacts: Sequence[dict[str, str]]) -> set[str]:
    """Write the whole list; the names of the roles in which it differs from what was there."""
    before = contact_rows(company)
    kept = set()
    for fields in contacts:
        key: dict[str, Any] = {"role": fields["role"], "email": fields["email"]}
        contact, _created = CompanyContact.objects.update_or_create(company=company, **key, defaults=fields)
        kept.add(contact.pk)
    company.contacts.exclude(pk__in=kept).delete()
    return edited_roles(before, contact_rows(company))


def note_contacts(company: Company, *, before: Iterable[tuple[str, ...]], by: User, now: datetime) -> None:
    """Record that an organiser has edited the contacts, which were ``before``."""
    edited = edited_roles(before, contact_rows(company))
    if edited:
        changes.record(company_id=company.pk, subject=ChangeSubject.CONTACTS, by=by, source=ChangeSource.STAFF, now=now, fields=edited)
        duplicates.look_for([company.pk], now=now)


def contact_rows(company: Company) -> set[tuple[str, ...]]:
    """The contacts as plain values, the role first: to compare before and after."""
    return set(company.contacts.values_list("role", "email", "name", "phone", "language", "time_zone"))


def edited_roles(before: Iterable[tuple[str, ...]], after: Iterable[tuple[str, ...]]) -> set[str]:
    """Under which names the contacts that differ count as edited."""
    return {contacts_of(role) for role, *_rest in set(before) ^ set(after)}
