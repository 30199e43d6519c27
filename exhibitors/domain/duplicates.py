"""The same company in another spelling: found whenever one is written, shown to those who see both, merged by nobody."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from exhibitors.domain.company_queries import at_fairs_of
from exhibitors.domain.match_keys import look_key, sound_key, web_key
from exhibitors.enums import DuplicateReason
from exhibitors.models import Company, CompanyContact, DuplicateFlag

MOST_OTHERS = 5  # of one key, each company is compared with the earliest alone: a thousand of one name make no million pairs
COLUMNS = ("match_key", "look_key", "web_key")
# The columns that say the same, strongest first: of a pair the strongest reason is kept.
_REASONS = {
    "inn": DuplicateReason.NUMBER,
    "ogrn": DuplicateReason.NUMBER,
    "uscc": DuplicateReason.NUMBER,
    "match_key": DuplicateReason.NAME,
    "look_key": DuplicateReason.LOOK,
    "web_key": DuplicateReason.WEBSITE,
}
_STRENGTH = {reason: place for place, reason in enumerate(DuplicateReason)}

Pair = tuple[int, int]


def keys_of(company: Company) -> dict[str, str]:
    """What :data:`COLUMNS` hold for the company's name and website."""
    return {"match_key": sound_key(company.legal_name), "look_key": look_key(company.legal_name), "web_key": web_key(company.website)}


@transaction.atomic
def look_for(company_ids: Iterable[int], *, now: datetime | None = None) -> int:
    """Flag what these companies may be duplicates of, in a fixed number of queries. Returns how many pairs are new.

    A pair that was dismissed stays so, unless a stronger reason is found than the one it was dismissed for.
    """
    ids = sorted(company_ids)
    pairs: dict[Pair, DuplicateReason] = {}
    for pair, reason in [*_by_columns(ids), *_by_phone(ids)]:
        pairs.setdefault(pair, reason)
    if not pairs:
        return 0
    known = DuplicateFlag.objects.filter(company_a__in={a for a, _b in pairs}, company_b__in={b for _a, b in pairs})
    for flag in known:
        pair = flag.company_a_id, flag.company_b_id
        if pair not in pairs:
            continue
        reason = pairs.pop(pair)
        if _STRENGTH[reason] < _STRENGTH[DuplicateReason(flag.reason)]:
            flag.reason, flag.dismissed_at, flag.dismissed_by = reason, None, None
            flag.save(update_fields=["reason", "dismissed_at", "dismissed_by"])
    found_at = now or timezone.now()
    flags = [DuplicateFlag(company_a_id=a, company_b_id=b, reason=reason, found_at=found_at) for (a, b), reason in sorted(pairs.items())]
    DuplicateFlag.objects.bulk_create(flags, ignore_conflicts=True)
    return len(flags)


def _by_columns(ids: list[int]) -> Iterator[tuple[Pair, DuplicateReason]]:
    mine = list(Company.objects.filter(pk__in=ids, retired_into=None).values("pk", *_REASONS))
    for column, reason in _REASONS.items():
        wanted = {row[column] for row in mine if row[column]}
        if not wanted:
            continue
        others = Company.objects.filter(**{f"{column}__in": wanted}, retired_into=None).order_by("pk").values_list(column, "pk")
        first = _firsts(others)
        yield from ((_pair(row["pk"], other), reason) for row in mine for other in first.get(row[column], ()) if other != row["pk"])


def _by_phone(ids: list[int]) -> Iterator[tuple[Pair, DuplicateReason]]:
    mine = list(CompanyContact.objects.filter(company__in=ids).exclude(phone="").values_list("phone", "company"))
    if not mine:
        return
    others = CompanyContact.objects.filter(phone__in={phone for phone, _company in mine}, company__retired_into=None)
    first = _firsts(others.order_by("company").values_list("phone", "company"))
    yield from (
        (_pair(company, other), DuplicateReason.PHONE) for phone, company in mine for other in first.get(phone, ()) if other != company
    )


def _firsts(rows: Iterable[tuple[str, int]]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for value, pk in rows:
        there = found.setdefault(value, [])
        if len(there) < MOST_OTHERS and pk not in there:
            there.append(pk)
    return found


def _pair(one: int, other: int) -> Pair:
    return (one, other) if one < other else (other, one)


def flags_for(user: User) -> QuerySet[DuplicateFlag]:
    """The pairs of which both companies take part in one and the same fair whose applications ``user`` sees."""
    if user.is_superuser:
        return DuplicateFlag.objects.all()
    found = DuplicateFlag.objects.none()
    for companies in at_fairs_of(user):
        found |= DuplicateFlag.objects.filter(company_a__in=companies, company_b__in=companies)
    return found


def flags_of(company: Company, user: User) -> QuerySet[DuplicateFlag]:
    """Those of one company, not dismissed."""
    either = Q(company_a=company) | Q(company_b=company)
    return flags_for(user).filter(either, dismissed_at=None).select_related("company_a", "company_b")


@transaction.atomic
def dismiss(*, flag_id: int, by: User, now: datetime, note: str = "") -> DuplicateFlag:
    """These are two companies. A flag that was dismissed already stays as it is."""
    flag = DuplicateFlag.objects.select_for_update(of=("self",)).get(pk=flag_id)
    if flag.dismissed_at is None:
        flag.dismissed_at, flag.dismissed_by, flag.note = now, by, note
        flag.save(update_fields=["dismissed_at", "dismissed_by", "note"])
    return flag
