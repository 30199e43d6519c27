"""What the exhibitor wrote, as sections of the one-screen review: the company, what it asks for, its products and its answers."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from exhibitors.admin.answers import shown
from exhibitors.admin.review_section import Section, Subject, day, given, lines
from exhibitors.domain.duplicates import flags_of
from exhibitors.enums import NeighbourKind, ProductUnit
from exhibitors.models import Product
from fairs.admin.base import link
from fairs.units import area_text, number_text, power_text


def company(subject: Subject) -> Section:
    company = subject.application.company
    names = [getattr(company, f"name_{code}") for code in ("ru", "zh_hans", "en")]
    labels = {column.name: column.verbose_name for column in company._meta.fields}
    facts: list[tuple[str, Any]] = [
        (_("legal name"), company.legal_name),
        (pgettext("company", "name"), " · ".join(dict.fromkeys(filter(None, names)))),
        (_("country"), company.country),
        (_("region"), company.region or ""),
        *((str(labels[name]), getattr(company, name)) for name in ("inn", "ogrn", "kpp", "uscc")),
        (_("website"), company.website),
        (_("brands"), ", ".join((company.brands or "").splitlines())),
        (_("description"), company.description),
        (_("contacts"), lines(_contact(contact) for contact in company.contacts.all())),
        (_("people who act for it"), company.members.count()),
    ]
    url = reverse("admin:exhibitors_company_change", args=[company.pk])
    return Section("company", _("Company"), facts=given(facts), is_open=True, url=url)


def _contact(contact: Any) -> str:
    return " · ".join(filter(None, (contact.get_role_display(), contact.name, contact.email, contact.phone)))


def asked_for(subject: Subject) -> Section:
    application = subject.application
    rows = [
        (
            wish.site,
            _areas(wish),
            wish.get_scheme_display(),
            wish.open_sides or "–",
            f"{day(wish.first_day)} – {day(wish.last_day)}",
            _services(wish) or "–",
            ", ".join(preference.stand.number for preference in wish.preferences.all()) or "–",
        )
        for wish in application.site_wishes.select_related("site").prefetch_related("preferences__stand")
    ]
    header = [_("site"), _("area"), _("scheme"), _("open sides"), _("days"), _("services"), _("stands preferred")]
    neighbours = list(application.neighbour_wishes.select_related("company"))
    facts: list[tuple[str, Any]] = [
        (_("product categories"), ", ".join(str(category) for category in application.categories.all())),
        (_("pavilion"), application.pavilion or ""),
        (_("fascia text"), application.fascia_text),
        *((str(kind.label), lines(_neighbour(one) for one in neighbours if one.kind == kind)) for kind in NeighbourKind),
    ]
    return Section("asked-for", _("Asked for"), facts=given(facts), header=header, rows=rows, is_open=True)


def _areas(wish: Any) -> str:
    wished = area_text(wish.area_wished_m2) if wish.area_wished_m2 else "–"
    bounds = [area_text(area) if area else "…" for area in (wish.area_min_m2, wish.area_max_m2)]
    return f"{wished} ({' – '.join(bounds)})" if any(bound != "…" for bound in bounds) else wished


def _services(wish: Any) -> str:
    parts = [power_text(wish.power_kw) if wish.power_kw else "", _("water") if wish.water else ""]
    parts += [_("cold storage %(area)s") % {"area": area_text(wish.cold_storage_m2)}] if wish.cold_storage_m2 else []
    return ", ".join(filter(None, parts))


def _neighbour(one: Any) -> str:
    """As the applicant wrote it, with the company that staff know it to be."""
    known = one.company.legal_name if one.company and one.company.legal_name != one.name else ""
    return " · ".join(filter(None, (one.name, one.inn, known)))


def duplicates(subject: Subject) -> Section:
    """Companies that may be the same one; it lies open when there is one."""
    own = subject.application.company
    rows = []
    for flag in flags_of(own, subject.reader).filter(dismissed_at=None).select_related("company_a", "company_b"):
        other = flag.company_b if flag.company_a_id == own.pk else flag.company_a
        rows.append((link(reverse("admin:exhibitors_duplicateflag_change", args=[flag.pk]), other.legal_name), flag.get_reason_display()))
    header = [_("other company"), _("reason")]
    return Section("duplicates", _("Possible duplicates"), header=header, rows=rows, is_open=bool(rows))


def _quantity(product: Product) -> str:
    """With its unit in the form that the number asks for."""
    if not product.quantity:
        return "–"
    is_whole = product.quantity == product.quantity.to_integral_value()
    count = int(product.quantity) if is_whole else 2  # a fraction takes the form of two, in Russian as well
    if product.unit == ProductUnit.PIECE:
        text = ngettext("%(number)s piece", "%(number)s pieces", count)
    elif product.unit == ProductUnit.PACK:
        text = ngettext("%(number)s pack", "%(number)s packs", count)
    elif product.unit == ProductUnit.L:
        text = ngettext("%(number)s litre", "%(number)s litres", count)
    else:
        return f"{number_text(product.quantity)} {product.get_unit_display()}"
    return text % {"number": number_text(product.quantity)}


def products(subject: Subject) -> Section:
    found = subject.application.products.select_related("category").prefetch_related("site_links__wish__site").order_by("pk")
    rows = [
        (
            link(reverse("admin:exhibitors_product_change", args=[product.pk]), product),
            product.code,
            _registration(product, subject.application.fair.ends_on),
            product.get_fate_display(),
            _quantity(product),
            _keeping(product) or "–",
            ", ".join(str(one.wish.site) for one in product.site_links.all()) or _("every site"),
        )
        for product in found
    ]
    header = [_("product"), _("TN VED or HS code"), _("GACC number"), _("what becomes of it"), _("quantity"), _("keeping"), _("shown at")]
    return Section("products", _("Products"), header=header, rows=rows, is_open=bool(rows))


def _registration(product: Any, ends_on: date) -> str:
    until = _("until %(day)s") % {"day": day(product.gacc_valid_until)} if product.gacc_valid_until else ""
    if product.gacc_valid_until and product.gacc_valid_until < ends_on:
        until = _("%(until)s: before the fair ends") % {"until": until}
    return " ".join(filter(None, (product.gacc_number, until))) or "–"


def _keeping(product: Any) -> str:
    low, high = product.temperature_min_c, product.temperature_max_c
    degrees = f"{'…' if low is None else low} – {'…' if high is None else high} °C" if low is not None or high is not None else ""
    count = product.shelf_life_days
    days = ngettext("%(days)s day", "%(days)s days", count) % {"days": count} if count else ""
    return ", ".join(filter(None, (days, degrees)))


def represented(subject: Subject) -> Section:
    rows = [
        (
            link(reverse("admin:exhibitors_representedcompany_change", args=[row.pk]), row.legal_name),
            row.country,
            ", ".join((row.brands or "").splitlines()) or "–",
            row.inn or row.uscc or "–",
        )
        for row in subject.application.represented_companies.order_by("pk")
    ]
    header = [_("company"), _("country"), _("brands"), _("tax number")]
    return Section("represented", _("Represented companies"), header=header, rows=rows)


def answers(subject: Subject) -> Section:
    found = subject.application.answers.select_related("question", "file").prefetch_related("question__options")
    facts = [(str(answer.question), shown(answer, subject.reader)) for answer in found]
    url = reverse("admin:exhibitors_application_answers", args=[subject.application.pk]) if facts else ""
    return Section("answers", _("Answers to the fair's questions"), facts=facts, url=url)
