"""The public catalogue: which companies are exhibitors of a fair, kept in step with applications and names."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction

from api.text import fold
from exhibitors.enums import ApplicationStatus, CoExhibitorStatus, ExhibitorRole
from exhibitors.models import Application, CoExhibitor, Company, Exhibitor

_SORT_LENGTH = Exhibitor._meta.get_field("sort_en").max_length


def refresh_application(application: Application) -> None:
    """After a step: the main exhibitor and the co-exhibitors on its stands come into the catalogue or leave it."""
    refresh_applications([application])


def refresh_applications(applications: Iterable[Application]) -> None:
    """The same after a step of many, in a number of queries that grows with their fairs alone."""
    of_fair: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for application in applications:
        of_fair[application.fair_id][application.pk] = application.company_id
    for fair_id, own in of_fair.items():
        with_them = CoExhibitor.objects.filter(application__in=own).order_by().values_list("company", flat=True)
        refresh(fair_id=fair_id, company_ids=[*own.values(), *with_them])


def refresh_company(company_id: int) -> None:
    """After a change of names: the company's rows at every fair follow."""
    for fair_id in Exhibitor.objects.filter(company=company_id).values_list("fair", flat=True):
        refresh(fair_id=fair_id, company_ids=[company_id])


@transaction.atomic
def refresh(*, fair_id: int, company_ids: Iterable[int]) -> None:
    """Write, change and remove the rows of these companies so that they say what applications and co-exhibitors say."""
    # Locked in one order: a name that changes at this moment is waited for, and two refreshes cannot cross.
    companies = Company.objects.select_for_update(no_key=True).filter(pk__in=set(company_ids)).order_by("pk").in_bulk()
    exhibiting = _exhibiting(fair_id, companies)
    Exhibitor.objects.filter(fair=fair_id, company__in=companies.keys() - exhibiting.keys()).delete()
    rows = [
        Exhibitor(fair_id=fair_id, company_id=company_id, application_id=application_id, role=role, **_sort_names(companies[company_id]))
        for company_id, (application_id, role) in sorted(exhibiting.items())
    ]
    Exhibitor.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["fair", "company"],
        update_fields=["application", "role", "sort_ru", "sort_zh_hans", "sort_en"],
    )


def _exhibiting(fair_id: int, companies: Iterable[int]) -> dict[int, tuple[int, ExhibitorRole]]:
    """Who exhibits with which application: a main exhibitor that has accepted, else a co-exhibitor admitted beside one."""
    found: dict[int, tuple[int, ExhibitorRole]] = {}
    beside = CoExhibitor.objects.filter(
        company__in=companies,
        status=CoExhibitorStatus.ADMITTED,
        application__fair=fair_id,
        application__status=ApplicationStatus.ACCEPTED,
    )
    for company_id, application_id in beside.order_by("-pk").values_list("company", "application"):
        found[company_id] = (application_id, ExhibitorRole.CO)
    own = Application.objects.filter(company__in=companies, fair=fair_id, status=ApplicationStatus.ACCEPTED)
    for company_id, application_id in own.values_list("company", "pk"):
        found[company_id] = (application_id, ExhibitorRole.MAIN)
    return found


def _sort_names(company: Company) -> dict[str, str]:
    names = {"ru": company.name_ru, "zh_hans": company.name_zh_hans, "en": company.name_en}  # type: ignore[attr-defined]
    fallback = names["en"] or names["ru"] or names["zh_hans"] or company.legal_name
    return {f"sort_{code}": fold(name or fallback)[:_SORT_LENGTH] for code, name in names.items()}
