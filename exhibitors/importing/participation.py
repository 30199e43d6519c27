"""An application is brought to the state that a table names, step by step through the domain: forward, never back."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from api.problems import Refused
from exhibitors.domain import applications, co_exhibitors, endings, placements
from exhibitors.domain.application_batches import NewApplication, create_many
from exhibitors.domain.form import FormValues
from exhibitors.domain.site_wishes import SiteWishInput
from exhibitors.enums import ApplicationStatus, ChangeSource, CoExhibitorStatus, PlacementStatus, Scheme
from exhibitors.importing.columns import SITE
from exhibitors.importing.desk import CellRefused, Desk
from exhibitors.importing.kept import Kept
from exhibitors.importing.placing import Stands
from exhibitors.importing.rows import WITH_STAND, CompanyRow, SiteCells
from exhibitors.models import Application, CoExhibitor, Company, Placement, ProductCategory, SiteWish
from fairs.models import Stand

_S = ApplicationStatus
# How far an application is. A table takes it further; what the desk has decided since is left alone.
_RANK = {_S.DRAFT: 0, _S.SUBMITTED: 1, _S.IN_REVIEW: 2, _S.CHANGES_REQUESTED: 3, _S.WAITLISTED: 4, _S.ADMITTED: 5}
_RANK |= {_S.STAND_OFFERED: 6, _S.ACCEPTED: 7}
_CO_RANK = {CoExhibitorStatus.DECLARED: 0, CoExhibitorStatus.CONFIRMED: 1, CoExhibitorStatus.ADMITTED: 2}


def bring_forward(
    desk: Desk,
    row: CompanyRow,
    *,
    company: Company,
    application: Application | None,
    categories: list[ProductCategory],
    stands: Stands,
    responsible: User | None,
    kept: Kept,
) -> tuple[Application, bool]:
    """Make or change the company's application at the fair as ``row`` says; its state follows. True when anything changed."""
    changed = application is None
    if application is None:
        application = applications.create_draft(
            company=company,
            fair=desk.fair,
            by=desk.by,
            now=row.submitted_at or desk.now,
            categories=categories,
            sites=[_wish(cells, stands) for cells in row.sites],
            as_staff=True,
        )
    elif application.status not in _S.ended:
        changed = _update(desk, row, application, categories, stands, kept)
    if responsible is not None and application.responsible_id != responsible.pk:
        application.responsible = responsible
        application.save(update_fields=["responsible"])
        changed = True
    return application, changed


def was_sent(row: CompanyRow) -> bool:
    """Whether the row's state presumes that the application was submitted; a draft may be withdrawn as it is."""
    return row.status != _S.DRAFT and (row.status != _S.WITHDRAWN or row.submitted_at is not None)


def begin_many(
    desk: Desk,
    rows: Sequence[tuple[CompanyRow, Company, Sequence[ProductCategory]]],
    *,
    stands: Stands,
    staff: dict[str, User],
) -> list[Application | Refused]:
    """The applications of new companies, drafted and, where the row says so, submitted; in place of one, why it is refused."""
    new = [
        NewApplication(
            company=company,
            categories=categories,
            sites=[_wish(cells, stands) for cells in row.sites],
            sent_at=(row.submitted_at or desk.now) if was_sent(row) else None,
            responsible=staff.get(row.responsible),
        )
        for row, company, categories in rows
    ]
    return create_many(fair=desk.fair, new=new, by=desk.by, now=desk.now, tell=desk.tell)


def _wish(cells: SiteCells, stands: Stands) -> SiteWishInput:
    area = cells.area
    if area is None and cells.stand in stands:
        area = stands[cells.stand].area_m2
    return SiteWishInput(
        site=cells.site,
        area_min_m2=cells.area_min,
        area_wished_m2=area,
        area_max_m2=cells.area_max,
        open_sides=cells.open_sides,
        scheme=cells.scheme or Scheme.SHELL,
        first_day=cells.first_day or cells.site.starts_on,
        last_day=cells.last_day or cells.site.ends_on,
    )


def _update(
    desk: Desk,
    row: CompanyRow,
    application: Application,
    categories: list[ProductCategory],
    stands: Stands,
    kept: Kept,
) -> bool:
    """Categories and wishes as the row has them; sites that it does not name stay, and what a person has edited since."""
    there = {wish.site_id: wish for wish in application.site_wishes.all()}
    wanted = {cells.site.pk: _kept_with(there.get(cells.site.pk), _wish(cells, stands)) for cells in row.sites}
    new_sites = [wish for pk, wish in wanted.items() if pk not in there or not _is_same(wish, there[pk])]
    new_categories = bool(categories) and {category.pk for category in categories} != {row.pk for row in application.categories.all()}
    pk, company = application.pk, application.company_id
    if new_sites and kept.of_application(row.row, company, pk, "sites", _columns_of(row)):
        new_sites = []
    if new_categories and kept.of_application(row.row, company, pk, "categories", ["categories"]):
        new_categories = False
    if not new_sites and not new_categories:
        return False
    values: FormValues = {}
    if new_categories:
        values["categories"] = categories
    if new_sites:
        others = [SiteWishInput.of(wish) for pk, wish in there.items() if pk not in wanted]
        values["sites"] = [*wanted.values(), *others]
    applications.update(application_id=application.pk, by=desk.by, now=desk.now, as_staff=True, source=ChangeSource.IMPORT, **values)
    return True


def _columns_of(row: CompanyRow) -> list[str]:
    """Where the table says what is asked for at the sites; where the stand is, the desk has decided."""
    return [f"{cells.site.slug}_{suffix}" for cells in row.sites for suffix in SITE if suffix != "stand"]


_IN_TABLE = ("area_min_m2", "area_wished_m2", "area_max_m2", "open_sides", "scheme", "first_day", "last_day")


def _kept_with(there: SiteWish | None, wish: SiteWishInput) -> SiteWishInput:
    """The table's values of a wish; what it has no column for, such as power, stays as the exhibitor wrote it."""
    return wish if there is None else replace(SiteWishInput.of(there), **{name: getattr(wish, name) for name in _IN_TABLE})


def _is_same(wish: SiteWishInput, there: Any) -> bool:
    return all(getattr(wish, name) == getattr(there, name) for name in _IN_TABLE)


def advance(desk: Desk, row: CompanyRow, application: Application, *, stands: Stands) -> bool:
    """The steps that are left to the row's state, but for the first stands (:func:`gets_first_stands`). True when there was one.

    Raises Refused or CellRefused as the domain functions do.
    """
    before, target = _S(application.status), row.status
    if before in _S.ended or (before == target and target not in WITH_STAND):
        return False
    if target not in _S.ended and _RANK[target] < _RANK[before]:
        return False
    if (before == _S.DRAFT and was_sent(row)) or (before == _S.CHANGES_REQUESTED and target not in _S.ended):
        applications.submit(application_id=application.pk, on_behalf=True, is_imported=True, **desk.at(row))
    if target not in WITH_STAND:
        _decide(desk, row, application.pk, target)
    elif before in WITH_STAND:
        return _place(desk, row, application, stands) or before != target
    return True


def gets_first_stands(row: CompanyRow, application: Application | None) -> bool:
    """Whether the row names stands of an application that has none yet (placing.py gives it to them)."""
    return row.status in WITH_STAND and (application is None or application.status not in (*WITH_STAND, *_S.ended))


def _decide(desk: Desk, row: CompanyRow, pk: int, target: ApplicationStatus) -> None:
    reason = row.message or _("Taken over from the organiser's table.")
    match target:
        case _S.IN_REVIEW:
            applications.start_review(application_id=pk, **desk.step)
        case _S.CHANGES_REQUESTED:
            applications.request_changes(application_id=pk, message=reason, **desk.step)
        case _S.ADMITTED:
            applications.admit(application_id=pk, **desk.step)
        case _S.WAITLISTED:
            applications.waitlist(application_id=pk, **desk.step)
        case _S.REJECTED:
            applications.reject(application_id=pk, reason=reason, **desk.step)
        case _S.WITHDRAWN:
            endings.withdraw(application_id=pk, reason=row.message, on_behalf=True, **desk.step)
        case _S.CANCELLED:
            endings.cancel(application_id=pk, reason=reason, **desk.step)


def _place(desk: Desk, row: CompanyRow, application: Application, stands: Stands) -> bool:
    """Another stand than it has, or one at one more site, is offered, and taken where the row says accepted."""
    live = list(application.placements.live())
    changed = False
    for cells in row.sites:
        if cells.stand is None:
            continue
        there = {placement.status: placement for placement in live if placement.site_id == cells.site.pk}
        try:
            changed |= _place_at(desk, row, application.pk, stands[cells.stand], there)
        except Refused as refusal:
            raise CellRefused(f"{cells.site.slug}_stand", refusal) from refusal
    return changed


def _place_at(desk: Desk, row: CompanyRow, pk: int, stand: Stand, there: dict[str, Placement]) -> bool:
    """One site: the stand is offered, or exchanged for the one the application has, and accepted."""
    has = {placement.stand_id: status for status, placement in there.items()}.get(stand.pk)
    if has == PlacementStatus.ACCEPTED or (has and row.status == _S.STAND_OFFERED):
        return False
    if has:
        placement = there[has]
    elif there:
        reason = row.message or _("Taken over from the organiser's table.")
        placement = placements.relocate(application_id=pk, stand_id=stand.pk, reason=reason, **desk.step)
    else:
        placement = placements.offer_stand(application_id=pk, stand_id=stand.pk, **desk.step)
    if row.status == _S.ACCEPTED:
        placements.accept_offer(application_id=pk, placement_id=placement.pk, on_behalf=True, **desk.step)
    return True


def bring_co_exhibitor(desk: Desk, row: CompanyRow, *, company: Company, main: Application) -> bool:
    """Declare the company on the main exhibitor's stand and confirm and admit it as far as the row's state goes."""
    target = {_S.ACCEPTED: CoExhibitorStatus.ADMITTED, _S.ADMITTED: CoExhibitorStatus.ADMITTED}.get(row.status, CoExhibitorStatus.DECLARED)
    there = CoExhibitor.objects.filter(application=main, company=company).exclude(status=CoExhibitorStatus.WITHDRAWN).first()
    changed = there is None
    if there is None:
        moment = row.submitted_at or desk.now
        there = co_exhibitors.declare(application_id=main.pk, company=company, by=desk.by, now=moment)
    if there.status == CoExhibitorStatus.REFUSED:
        return changed
    steps = ((CoExhibitorStatus.CONFIRMED, co_exhibitors.confirm), (CoExhibitorStatus.ADMITTED, co_exhibitors.admit))
    for status, take in steps:
        if _CO_RANK[CoExhibitorStatus(there.status)] < _CO_RANK[status] <= _CO_RANK[target]:
            there = take(co_exhibitor_id=there.pk, **desk.step)
            changed = True
    return changed
