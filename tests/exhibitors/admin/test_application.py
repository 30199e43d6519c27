"""An application's page: what is typed is kept when it is refused, and its wishes are checked beside their fields."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from exhibitors.admin.application_groups import GROUPS
from exhibitors.enums import ApplicationStatus
from fairs.enums import StaffRole
from tests.exhibitors.world import application_in
from tests.factories.exhibitors import ApplicationFactory, PlacementFactory, ProductCategoryFactory, ProductFactory, SiteWishFactory
from tests.factories.fairs import SiteFactory, StaffMembershipFactory, StandFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
SUBMITTED = datetime(2023, 9, 2, 2, 59, tzinfo=UTC)
INLINES = (
    "site_wishes",
    "neighbour_wishes",
    "products",
    "represented_companies",
    "answers",
    "placements",
    "stand_holds",
    "co_exhibitors",
    "stand_staff",
    "deadline_extensions",
    "steps",
)


@pytest.fixture
def wish():
    return SiteWishFactory(application__status=ApplicationStatus.SUBMITTED, application__submitted_at=SUBMITTED)


@pytest.fixture
def desk(client, wish):
    membership = StaffMembershipFactory(fair=wish.application.fair, role=StaffRole.OWNER)
    client.force_login(membership.user)
    return client


def row_of(wish):
    return {
        "id": wish.pk,
        "application": wish.application_id,
        "site": wish.site_id,
        "area_wished_m2": "17",
        "scheme": wish.scheme,
        "first_day": wish.first_day,
        "last_day": wish.last_day,
    }


def form_of(wish, **changed):
    form = {f"{name}-{part}_FORMS": 0 for name in INLINES for part in ("TOTAL", "INITIAL")}
    form |= {"site_wishes-TOTAL_FORMS": 1, "site_wishes-INITIAL_FORMS": 1, "categories": [ProductCategoryFactory().pk]}
    return form | {f"site_wishes-0-{name}": value for name, value in {**row_of(wish), **changed}.items()}


def page_of(wish):
    return reverse("admin:exhibitors_application_change", args=[wish.application_id])


def test_a_wish_is_saved(desk, wish):
    assert desk.post(page_of(wish), form_of(wish)).status_code == 302
    wish.refresh_from_db()
    assert wish.area_wished_m2 == 17


def test_a_day_outside_the_site_is_named_beside_its_field_and_the_rest_is_kept(desk, wish):
    response = desk.post(page_of(wish), form_of(wish, first_day=wish.site.starts_on - timedelta(days=1)))
    [formset] = [formset for formset in response.context["inline_admin_formsets"] if formset.formset.prefix == "site_wishes"]
    assert list(formset.formset.errors[0]) == ["first_day"]
    assert formset.formset.forms[0]["area_wished_m2"].value() == "17"


def test_what_only_the_domain_refuses_stands_in_the_form_with_what_was_typed(desk, wish):
    PlacementFactory(application=wish.application, site=wish.site, stand=StandFactory(hall__site=wish.site), status="offered")
    response = desk.post(page_of(wish), form_of(wish, DELETE="on"))
    assert "cannot be left out" in str(response.context["adminform"].form.errors)
    assert 'value="17"' in response.content.decode()
    assert wish.application.site_wishes.exists()


def test_moments_are_told_in_the_fairs_zone(desk, wish):
    application = wish.application
    application.fair.time_zone = "Asia/Shanghai"
    application.fair.save()
    assert "2 Sep 2023, 10:59 (UTC+8)" in desk.get(page_of(wish)).content.decode()
    application.submitted_at = datetime(2023, 9, 1, 17, tzinfo=UTC)  # past midnight in Shanghai
    application.save()
    assert "2 Sep 2023" in desk.get(reverse("admin:exhibitors_application_changelist")).content.decode()


def test_a_companys_page_leads_to_its_applications_at_the_own_fairs_only(desk, wish):
    elsewhere = ApplicationFactory(company=wish.application.company)
    page = desk.get(reverse("admin:exhibitors_company_change", args=[wish.application.company_id])).content.decode()
    assert page_of(wish) in page
    assert reverse("admin:exhibitors_application_change", args=[elsewhere.pk]) not in page


def group_of(response, slug):
    return next(one for one in response.context["groups"] if one.group.slug == slug)


def test_the_page_is_in_groups_that_say_how_much_is_in_them(desk, wish):
    ProductFactory.create_batch(2, application=wish.application)
    response = desk.get(page_of(wish))
    assert [one.group.slug for one in response.context["groups"]] == [group.slug for group in GROUPS]
    assert sorted(formset.formset.prefix for one in response.context["groups"] for formset in one.formsets) == sorted(INLINES)
    assert (group_of(response, "products").count, group_of(response, "wishes").count) == (2, None)
    new = desk.get(reverse("admin:exhibitors_application_add")).context["groups"]
    assert [one.group.slug for one in new] == ["wishes"]


def test_what_is_wrong_with_a_site_can_be_read_on_the_page(desk, wish):
    wrong = {
        "The areas are not in order": {"area_min_m2": "18"},
        "1 to 4 open sides": {"open_sides": "5"},
        "no stand “Z9-99”": {"preferred": "Z9-99"},
        "less than or equal to 500": {"power_kw": "501"},
    }
    others = [SiteWishFactory(application=wish.application, site=SiteFactory(fair=wish.application.fair)) for _wrong in range(3)]
    form = form_of(wish)
    for number, (row, values) in enumerate(zip([wish, *others], wrong.values(), strict=True)):
        form |= {f"site_wishes-{number}-{name}": value for name, value in {**row_of(row), **values}.items()}
    response = desk.post(page_of(wish), form | {"site_wishes-TOTAL_FORMS": 4, "site_wishes-INITIAL_FORMS": 4})
    shown = response.content.decode()
    for message in wrong:
        assert message in shown, message
    [formset] = [formset.formset for formset in group_of(response, "wishes").formsets if formset.formset.prefix == "site_wishes"]
    for said, message in zip(formset.errors, wrong, strict=True):
        assert message in str(said)
    assert response.context["wrong_group"] == "wishes"
    assert group_of(response, "wishes").errors == 4


def test_what_is_wrong_with_a_neighbour_stands_beside_it(desk, wish):
    row = {"kind": "near", "name": "Sosed", "inn": "123", "id": "", "application": wish.application_id}
    form = form_of(wish) | {f"neighbour_wishes-0-{name}": value for name, value in row.items()} | {"neighbour_wishes-TOTAL_FORMS": 1}
    response = desk.post(page_of(wish), form)
    [formset] = [formset for formset in group_of(response, "wishes").formsets if formset.formset.prefix == "neighbour_wishes"]
    assert list(formset.formset.errors[0]) == ["inn"]
    assert desk.post(page_of(wish), {**form, "neighbour_wishes-0-inn": ""}).status_code == 302
    assert wish.application.neighbour_wishes.get().name == "Sosed"


def test_a_fascia_that_no_stand_has_stands_beside_its_field(desk, wish):
    response = desk.post(page_of(wish), form_of(wish, scheme="raw") | {"fascia_text": "SOSED"})
    assert list(response.context["adminform"].form.errors) == ["fascia_text"]


@pytest.mark.parametrize(
    ("status", "role", "usual"),
    [
        (ApplicationStatus.SUBMITTED, StaffRole.OWNER, "start-review"),
        (ApplicationStatus.IN_REVIEW, StaffRole.OWNER, "admit"),
        (ApplicationStatus.WAITLISTED, StaffRole.OWNER, "admit"),
        (ApplicationStatus.ADMITTED, StaffRole.OWNER, "offer-stand"),
        (ApplicationStatus.ADMITTED, StaffRole.REVIEWER, None),
        (ApplicationStatus.CHANGES_REQUESTED, StaffRole.OWNER, None),
    ],
)
def test_the_usual_step_comes_first_and_alone_stands_out(client, wish, status, role, usual):
    """A filled button is what one presses without reading: it is never one that takes something from the exhibitor."""
    application = wish.application
    application.status = application.told_status = status
    application.save()
    client.force_login(StaffMembershipFactory(fair=application.fair, role=role).user)

    for name in ("change", "review"):
        page = client.get(reverse(f"admin:exhibitors_application_{name}", args=[application.pk]))
        steps = page.context["open_steps"] if name == "change" else page.context["buttons"]
        first, *others = [step if isinstance(step, dict) else vars(step) for step in steps]
        assert first["is_usual"] == (usual is not None)
        assert usual is None or f"/{usual}/" in first["url"]
        assert not any(step["is_usual"] for step in others)
        assert page.text.count("bg-primary-600 text-white") == int(usual is not None)


@pytest.mark.parametrize(("status", "shown"), [(ApplicationStatus.STAND_OFFERED, True), (ApplicationStatus.ACCEPTED, False)])
def test_until_when_an_answer_is_awaited_is_shown_as_long_as_it_is(client, status, shown):
    application = application_in(status)
    application.placements.update(answer_by=datetime(2030, 1, 29, 4, tzinfo=UTC))
    client.force_login(StaffMembershipFactory(fair=application.fair, role=StaffRole.OWNER).user)
    for page in (
        reverse("admin:exhibitors_application_change", args=[application.pk]),
        reverse("admin:exhibitors_placement_changelist"),
    ):
        assert ("29 Jan 2030, 12:00 (UTC+8)" in client.get(page).text) is shown
