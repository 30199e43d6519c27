"""The desk of a fair; what each role sees and changes on every page: tests/roles/test_desk.py."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

import clock as business_clock
from exhibitors.models import Placement
from fairs.enums import StaffRole
from fairs.models import Deadline, Fair, OpeningHours, Site, StaffMembership, Stand, TradeFigure
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory, SiteWishFactory
from tests.factories.fairs import (
    DeadlineFactory,
    FairFactory,
    HallFactory,
    OpeningHoursFactory,
    SiteFactory,
    StaffMembershipFactory,
    StandFactory,
    TradeFigureFactory,
    square,
)

pytestmark = pytest.mark.django_db


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def member(role: StaffRole, fair: Fair) -> Client:
    region = "RU-PRI" if role == StaffRole.REGIONAL_COORDINATOR else ""
    return signed_in(StaffMembershipFactory(fair=fair, role=role, region_code=region).user)


def change_url(noun: str, row: Any) -> str:
    return reverse(f"admin:fairs_{noun}_change", args=[row.pk])


def test_a_superuser_sees_all_fairs() -> None:
    fairs = {FairFactory(), FairFactory()}
    client = signed_in(UserFactory(is_staff=True, is_superuser=True))
    assert set(client.get(reverse("admin:fairs_fair_changelist")).context["cl"].queryset) == fairs


def test_somebody_without_a_role_sees_nothing() -> None:
    fair = FairFactory()
    client = signed_in(UserFactory(is_staff=True))
    assert client.get(reverse("admin:index")).status_code == 200
    assert client.get(reverse("admin:fairs_fair_changelist")).status_code == 403
    assert client.get(change_url("fair", fair)).status_code in (302, 403)


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_any_number_of_rows(count: int, django_assert_num_queries: Any) -> None:
    hall = HallFactory()
    for number in range(count):
        StandFactory(hall=hall, outline=square(3 * number, 0))
    client = member(StaffRole.OWNER, hall.fair)
    url = reverse("admin:fairs_stand_changelist")
    client.get(url)
    # session, user, roles, the filters' fairs, sites, halls and zones, count, stands, their holds and plans
    with django_assert_num_queries(11):
        client.get(url)


def stand_form(stand: Stand, **changed: Any) -> dict[str, Any]:
    form = {
        "number": stand.number,
        "area_m2": "9",
        "open_sides": "1",
        "outline": "[[0, 0], [3, 0], [3, 3], [0, 3]]",
        "power_kw": "0",
        "blocked_reason": "Pillar",
    }
    return {**form, **changed}


def test_a_stand_is_checked_on_the_floor() -> None:
    stand = StandFactory(number="A-1")
    StandFactory(hall=stand.hall, number="A-2", outline=square(6, 0))
    client = member(StaffRole.FLOOR_PLANNER, stand.hall.fair)
    page = client.post(change_url("stand", stand), stand_form(stand, outline="[[5, 0], [8, 0], [8, 3], [5, 3]]"))
    assert "A-1 and A-2 overlap" in str(page.context["errors"])
    stand.refresh_from_db()
    assert stand.outline == square(0, 0)
    assert client.post(change_url("stand", stand), stand_form(stand, power_kw="2.5")).status_code == 302
    stand.refresh_from_db()
    assert stand.power_kw == 2.5


def test_the_desk_says_why_a_stand_cannot_be_blocked_and_names_nobody() -> None:
    stand = PlacementFactory(status="planned", application__company__legal_name="OOO Kedr").stand
    client = member(StaffRole.FLOOR_PLANNER, stand.hall.fair)
    page = client.post(change_url("stand", stand), stand_form(stand, blocked="on"))
    (why,) = page.context["adminform"].form.errors["blocked"]
    assert why.endswith("take that back or relocate the exhibitor first.")
    assert "Kedr" not in page.content.decode()
    assert not Stand.objects.get(pk=stand.pk).blocked
    Placement.objects.update(status="withdrawn")
    assert client.post(change_url("stand", stand), stand_form(stand, blocked="on")).status_code == 302
    assert Stand.objects.get(pk=stand.pk).blocked


def test_a_stand_can_be_added_to_halls_of_the_own_fair_only() -> None:
    own, other = HallFactory(), HallFactory()
    client = member(StaffRole.FLOOR_PLANNER, own.fair)
    form = {"number": "A-1", "area_m2": "9", "open_sides": "1", "outline": "[[0, 0], [3, 0], [3, 3], [0, 3]]", "power_kw": "0"}
    refused = client.post(reverse("admin:fairs_stand_add"), {**form, "hall": other.pk})
    assert "hall" in refused.context["adminform"].form.errors
    assert client.post(reverse("admin:fairs_stand_add"), {**form, "hall": own.pk}).status_code == 302
    assert [stand.hall for stand in Stand.objects.all()] == [own]


def test_the_hall_is_drawn_with_a_link_a_stand() -> None:
    stand = StandFactory(number="A-1", blocked=True, blocked_reason="Fire lane")
    page = member(StaffRole.READ_ONLY, stand.hall.fair).get(change_url("hall", stand.hall)).content.decode()
    assert f'<a href="{change_url("stand", stand)}" aria-label="A-1, 9 m², row, Fire lane">' in page
    assert 'points="0,30 3,30 3,27 0,27"' in page  # a picture's y runs downward


def test_names_are_escaped_in_the_drawing() -> None:
    stand = StandFactory(number="<b>&")
    page = member(StaffRole.READ_ONLY, stand.hall.fair).get(change_url("hall", stand.hall)).content.decode()
    assert "<b>&" not in page


def test_a_deadline_is_typed_in_the_fairs_zone() -> None:
    fair = FairFactory(time_zone="Asia/Shanghai")
    owner = StaffMembershipFactory(fair=fair, user__time_zone="Europe/Moscow").user
    form = {
        "fair": fair.pk,
        "code": "design",
        "title_ru": "Проект",
        "due_at_0": "2030-04-01",
        "due_at_1": "23:59:59",
        "audience": "raw_space",
    }
    answer = signed_in(owner).post(reverse("admin:fairs_deadline_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    deadline = Deadline.objects.get()
    assert deadline.due_at == datetime(2030, 4, 1, 15, 59, 59, tzinfo=UTC)
    assert 'value="23:59:59"' in signed_in(owner).get(change_url("deadline", deadline)).content.decode()


def test_a_text_is_needed_in_one_language_at_the_least() -> None:
    deadline = DeadlineFactory()
    form = {"code": "x", "title_ru": "", "due_at_0": "2030-04-01", "due_at_1": "12:00", "audience": "all"}
    page = member(StaffRole.OWNER, deadline.fair).post(change_url("deadline", deadline), form)
    assert "title_en" in page.context["adminform"].form.errors


def test_a_site_outside_the_fair_is_refused_in_words() -> None:
    site = SiteFactory()
    form = {
        "name_en": "Site",
        "slug": "site",
        "kind": "hall",
        "starts_on": "2030-05-01",
        "ends_on": "2030-05-09",
        "city_en": "Shenyang",
        "country": "CN",
        "province": "CN-LN",
        "opening_hours-TOTAL_FORMS": "0",
        "opening_hours-INITIAL_FORMS": "0",
        "halls-TOTAL_FORMS": "0",
        "halls-INITIAL_FORMS": "0",
        "buildings-TOTAL_FORMS": "0",
        "buildings-INITIAL_FORMS": "0",
    }
    page = member(StaffRole.OWNER, site.fair).post(change_url("site", site), form)
    assert "1 May 2030 to 5 May 2030" in str(page.context["errors"])
    assert Site.objects.get().ends_on == date(2030, 5, 5)


def site_form(site: Site, **changed: Any) -> dict[str, Any]:
    names = ("name_en", "slug", "kind", "starts_on", "ends_on", "city_en", "country", "province")
    empty = {f"{rows}-{count}_FORMS": "0" for rows in ("opening_hours", "halls", "buildings") for count in ("TOTAL", "INITIAL")}
    return {**{name: getattr(site, name) for name in names}, **empty, **changed}


def test_a_site_is_not_cut_short_under_its_exhibitors_and_the_desk_says_so() -> None:
    site = SiteFactory()
    SiteWishFactory(application=ApplicationFactory(fair=site.fair), site=site)
    page = member(StaffRole.OWNER, site.fair).post(change_url("site", site), site_form(site, ends_on="2030-05-04"))
    assert "from 1 May 2030 to 5 May 2030: change them first" in str(page.context["errors"])
    assert Site.objects.get().ends_on == date(2030, 5, 5)


def test_a_site_is_cut_short_together_with_the_opening_hours_of_its_last_day() -> None:
    hours = OpeningHoursFactory(site=SiteFactory(), day=date(2030, 5, 5))
    row = {"id": hours.pk, "site": hours.site_id, "day": "2030-05-05", "opens": "10:00", "closes": "18:00"}
    sent = {f"opening_hours-0-{name}": value for name, value in row.items()}
    form = site_form(hours.site, ends_on="2030-05-04", **sent)
    form |= {"opening_hours-TOTAL_FORMS": "1", "opening_hours-INITIAL_FORMS": "1"}
    client = member(StaffRole.OWNER, hours.site.fair)
    refused = client.post(change_url("site", hours.site), form)
    assert "On this day the site is not open" in str(refused.context["errors"])
    assert client.post(change_url("site", hours.site), form | {"opening_hours-0-DELETE": "on"}).status_code == 302
    assert (Site.objects.get().ends_on, OpeningHours.objects.count()) == (date(2030, 5, 4), 0)


def test_an_owner_appoints_by_address_and_opens_the_desk() -> None:
    fair, newcomer = FairFactory(), UserFactory(email="new@example.com")
    client = member(StaffRole.OWNER, fair)
    form = {"fair": fair.pk, "email": "New@Example.com", "role": StaffRole.REVIEWER, "region_code": ""}
    assert client.post(reverse("admin:fairs_staffmembership_add"), form).status_code == 302
    newcomer.refresh_from_db()
    assert newcomer.is_staff
    assert StaffMembership.objects.filter(fair=fair, user=newcomer, role=StaffRole.REVIEWER).exists()
    unknown = client.post(reverse("admin:fairs_staffmembership_add"), {**form, "email": "nobody@example.com"})
    assert "email" in unknown.context["adminform"].form.errors


def test_an_owner_appoints_nobody_at_another_fair() -> None:
    client, other = member(StaffRole.OWNER, FairFactory()), FairFactory()
    UserFactory(email="new@example.com")
    form = {"fair": other.pk, "email": "new@example.com", "role": StaffRole.OWNER, "region_code": ""}
    page = client.post(reverse("admin:fairs_staffmembership_add"), form)
    assert "fair" in page.context["adminform"].form.errors
    assert not StaffMembership.objects.filter(fair=other).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_the_first_page_shows_the_own_fairs_at_a_constant_cost(count: int, clock: Any, django_assert_num_queries: Any) -> None:
    owner = StaffMembershipFactory().user
    for _number in range(count - 1):
        StaffMembershipFactory(user=owner)
    for fair in Fair.objects.all():
        DeadlineFactory(fair=fair)
        StandFactory(hall__site__fair=fair)
    StandFactory(hall__site__fair=FairFactory())
    client = signed_in(owner)
    client.get(reverse("admin:index"))
    with django_assert_num_queries(8):  # session, user, roles, fairs, applications, stands, deadlines, held decisions
        page = client.get(reverse("admin:index"))
    assert [card["stands"] for card in page.context["cards"]] == [{"taken": 0, "spoken_for": 0, "free": 1, "blocked": 0}] * count
    assert [len(card["deadlines"]) for card in page.context["cards"]] == [1] * count


def links_of(client: Client) -> set[str]:
    groups = client.get(reverse("admin:index")).context["sidebar_navigation"]
    return {str(item["link"]) for group in groups for item in group["items"]}


def test_the_side_bar_shows_what_the_reader_may_open() -> None:
    fair = FairFactory()
    staff = reverse("admin:fairs_staffmembership_changelist")
    assert staff in links_of(member(StaffRole.OWNER, fair))
    assert staff not in links_of(member(StaffRole.READ_ONLY, fair))
    opened: set[str] = set()
    for role in (StaffRole.READ_ONLY, StaffRole.OWNER):  # the owner opens what the other is not shown
        client = member(role, fair)
        links = links_of(client) - opened
        assert {client.get(link).status_code for link in links} == {200}
        opened |= links
    assert "" not in links_of(signed_in(UserFactory(is_staff=True, is_superuser=True)))


def test_the_side_bar_says_where_one_is_and_keeps_its_icons_from_who_listens() -> None:
    halls = reverse("admin:fairs_hall_changelist")
    page = member(StaffRole.OWNER, FairFactory()).get(halls).content.decode()
    assert page.count('aria-current="page"') == 1
    assert f'<a href="{halls}" aria-current="page"' in page
    assert '<span class="material-symbols-outlined md-18 mr-3 w-[18px]" aria-hidden="true">apartment</span><span>Buildings</span>' in page


def test_a_moved_clock_is_told_on_every_page_in_the_readers_zone(clock: Any) -> None:
    fair = FairFactory()
    user = StaffMembershipFactory(fair=fair, user__time_zone="Asia/Vladivostok").user
    client = signed_in(user)
    assert "Demo:" not in client.get(reverse("admin:index")).content.decode()
    business_clock.set_now(datetime(2023, 12, 12, 1, tzinfo=UTC))
    for url in (reverse("admin:index"), reverse("admin:fairs_stand_changelist"), change_url("fair", fair)):
        page = client.get(url).content.decode()
        assert "Demo: here it is 12 Dec 2023, 11:00 (UTC+10)." in page


@pytest.mark.parametrize(("state", "count"), [("blocked", 1), ("available", 2), ("nonsense", 3)])
def test_stands_are_listed_by_their_state(state: str, count: int) -> None:
    hall = HallFactory()
    for number in range(3):
        StandFactory(hall=hall, outline=square(3 * number, 0), blocked=number == 0, blocked_reason="pillar" if number == 0 else "")
    page = member(StaffRole.OWNER, hall.fair).get(reverse("admin:fairs_stand_changelist"), {"state": state})
    assert page.context["cl"].result_count == count


def test_a_figure_has_its_source_in_one_language_at_the_least() -> None:
    fair = FairFactory()
    owner = member(StaffRole.OWNER, fair)
    form = {"fair": fair.pk, "province": "CN-LN", "year": 2023, "flow": "turnover", "amount": "10", "currency": "CNY"}
    add = reverse("admin:fairs_tradefigure_add")
    assert "Write it in one language at the least." in owner.post(add, form).content.decode()
    assert owner.post(add, {**form, "source_ru": "Таможня"}).status_code == 302
    figure = TradeFigure.objects.get()
    assert (figure.source_ru, figure.source) == ("Таможня", "Таможня")
    assert "Таможня" in owner.get(reverse("admin:fairs_tradefigure_change", args=[figure.pk])).content.decode()


def test_billions_are_read_by_their_groups_of_three_and_no_goods_are_all() -> None:
    figure = TradeFigureFactory(amount="54900000000.00", currency="CNY", goods_en="")
    owner = member(StaffRole.OWNER, figure.fair)
    listed = owner.get(reverse("admin:fairs_tradefigure_changelist")).content.decode()
    assert "54,900,000,000 CNY" in listed
    assert "all goods" in listed
    owner.cookies["django_language"] = "zh-hans"
    listed = owner.get(reverse("admin:fairs_tradefigure_changelist")).content.decode()
    assert "全部商品" in listed
    assert "54,900,000,000 CNY" in listed


@pytest.mark.parametrize("fairs", [1, 2])
def test_sites_to_choose_from_name_their_fair_where_there_are_several(client, fairs):
    sites = SiteFactory.create_batch(fairs)
    user = UserFactory(is_staff=True)
    for site in sites:
        StaffMembershipFactory(fair=site.fair, user=user, role=StaffRole.OWNER)
    client.force_login(user)
    field = client.get(reverse("admin:exhibitors_passquota_add")).context["adminform"].form.fields["site"]
    labels = {label for value, label in field.choices if value}
    assert labels == ({f"{site} · {site.fair}" for site in sites} if fairs > 1 else {str(sites[0])})


def test_all_tabs_of_a_page_show_whatever_the_size_of_the_window():
    """Unfold's script moves tabs into a list behind a button where the page has that list, after a change of size even all of them."""
    fair = FairFactory()
    person = StaffMembershipFactory(fair=fair, role=StaffRole.OWNER, user__is_staff=True).user

    page = signed_in(person).get(reverse("admin:fairs_fair_change", args=[fair.pk])).content.decode()

    assert 'id="tabs-items"' in page
    assert 'id="tabs-dropdown"' not in page


@pytest.mark.parametrize(("query", "is_asked"), [("", False), ("?water__exact=1", True), ("?q=A1", True)])
def test_an_empty_list_speaks_of_filters_only_where_some_are_set(query: str, is_asked: bool) -> None:
    page = signed_in(StaffMembershipFactory().user).get(reverse("admin:fairs_stand_changelist") + query).content.decode()
    assert [text in page for text in ("Nothing here yet", "No results found", "Reset filters")] == [not is_asked, is_asked, is_asked]
    assert reverse("admin:fairs_stand_add") in page


def test_a_page_that_is_not_for_its_reader_leads_back_to_the_overview() -> None:
    client = signed_in(StaffMembershipFactory().user)
    for url, status in ((reverse("admin:accounts_user_changelist"), 403), (reverse("admin:index") + "nowhere/", 404)):
        answer = client.get(url)
        assert (answer.status_code, f'<a href="{reverse("admin:index")}">Back to the overview</a>' in answer.content.decode()) == (
            status,
            True,
        )
    assert "<a" not in client.get("/nowhere/").content.decode()
