"""What organisers lay down at the desk: weights, points, pairs, fixed stands; and freed stands with who comes first."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import clock as business_clock
from allocations.domain import freed_stands
from allocations.models import AllocationSettings, ApartPair, FreedStand, PriorityCorrection, StandLock
from exhibitors.domain import endings, placements
from exhibitors.models import Placement
from tests.allocations.world import applicant, hall_of, stand
from tests.browser import fields_of
from tests.factories.exhibitors import CompanyFactory, PlacementFactory, ProductCategoryFactory
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.django_db
SETTINGS, PAIRS = "/admin/allocations/allocationsettings/", "/admin/allocations/apartpair/"
LOCKS, CORRECTIONS, FREED = "/admin/allocations/standlock/", "/admin/allocations/prioritycorrection/", "/admin/allocations/freedstand/"


@pytest.fixture
def hall(client):
    hall = hall_of()
    client.force_login(StaffMembershipFactory(fair=hall.fair, user__language="en").user)
    return hall


def form_of(client, address, form):
    return fields_of(client.get(address), form)


class TestWeights:
    def test_a_preset_replaces_the_weights_and_own_ones_are_called_so(self, client, hall):
        form = {**form_of(client, f"{SETTINGS}add/", "allocationsettings_form"), "fair": hall.fair.pk, "preset": "hall_first"}
        client.post(f"{SETTINGS}add/", form)
        settings = AllocationSettings.objects.get()
        assert (settings.preset, settings.zone, settings.away) == ("hall_first", 40, 45)

        address = f"{SETTINGS}{settings.pk}/change/"
        client.post(address, {**form_of(client, address, "allocationsettings_form"), "zone": 41})
        settings.refresh_from_db()
        assert (settings.preset, settings.zone, settings.away) == ("own", 41, 45)

        client.post(address, {**form_of(client, address, "allocationsettings_form"), "preset": "balanced"})
        settings.refresh_from_db()
        assert (settings.preset, settings.zone) == ("balanced", 15)

    def test_weights_out_of_range_are_refused(self, client, hall):
        form = {**form_of(client, f"{SETTINGS}add/", "allocationsettings_form"), "fair": hall.fair.pk, "area": 1001}
        assert "area" in client.post(f"{SETTINGS}add/", form).context["adminform"].form.errors


class TestPoints:
    def test_the_page_has_everybody_with_how_they_came_about(self, client, hall):
        few, many = applicant(hall), applicant(hall, minutes=1)
        PriorityCorrection.objects.create(application=many, points=70, reason="Since the first fair", at=business_clock.now())
        page = client.get(f"{CORRECTIONS}points/")
        assert [row["application"] for row in page.context["shown"]] == [many, few]
        assert "Since the first fair" in page.content.decode()

    def test_it_takes_a_fixed_number_of_queries(self, client, hall):
        def queries():
            with CaptureQueriesContext(connection) as found:
                client.get(f"{CORRECTIONS}points/")
            return len(found)

        applicant(hall)
        queries()
        one = queries()
        applicant(hall)
        applicant(hall)
        assert queries() == one

    def test_a_correction_needs_its_reason(self, client, hall):
        one = applicant(hall)
        form = {"application": one.pk, "points": 5, "paid_usd": "0", "reason": ""}
        assert client.post(f"{CORRECTIONS}add/", form).context["adminform"].form.errors
        client.post(f"{CORRECTIONS}add/", {**form, "reason": "Helped us"})
        assert (PriorityCorrection.objects.get().points, PriorityCorrection.objects.get().by.language) == (5, "en")


class TestPairs:
    def test_companies_and_groups_in_any_order_and_once(self, client, hall):
        first, second = (applicant(hall).company for _number in range(2))
        form = {"fair": hall.fair.pk, "company_a": second.pk, "company_b": first.pk}
        client.post(f"{PAIRS}add/", form)
        assert (ApartPair.objects.get().company_a, ApartPair.objects.get().company_b) == (first, second)
        assert client.post(f"{PAIRS}add/", {**form, "company_a": first.pk, "company_b": second.pk}).status_code == 200
        fish = ProductCategoryFactory()
        client.post(f"{PAIRS}add/", {"fair": hall.fair.pk, "category_a": fish.pk, "category_b": fish.pk})
        assert ApartPair.objects.count() == 2

    @pytest.mark.parametrize("named", ["nobody", "one", "itself", "both kinds"])
    def test_half_a_pair_is_refused(self, named, client, hall):
        company, fish = applicant(hall).company, ProductCategoryFactory()
        values = {
            "nobody": {},
            "one": {"company_a": company.pk},
            "itself": {"company_a": company.pk, "company_b": company.pk},
            "both kinds": {"company_a": company.pk, "company_b": CompanyFactory().pk, "category_a": fish.pk, "category_b": fish.pk},
        }[named]
        page = client.post(f"{PAIRS}add/", {"fair": hall.fair.pk, **values})
        assert page.status_code == 200
        assert page.context["adminform"].form.errors


class TestFixedStands:
    def test_a_stand_is_fixed_and_a_contradiction_said(self, client, hall):
        one = applicant(hall)
        client.post(f"{LOCKS}add/", {"stand": stand(hall, 1).pk, "application": one.pk})
        assert StandLock.objects.get().application == one
        page = client.post(f"{LOCKS}add/", {"stand": stand(hall, 2).pk, "application": one.pk})
        assert "A-1" in str(page.context["adminform"].form.errors)
        client.post(f"{LOCKS}add/", {"stand": stand(hall, 2).pk})
        assert StandLock.objects.get(stand=stand(hall, 2)).application is None

    def test_what_a_colleague_has_fixed_is_not_replaced_unseen(self, client, hall):
        one, two = applicant(hall), applicant(hall)
        for number, application in ((1, one.pk), (2, "")):
            client.post(f"{LOCKS}add/", {"stand": stand(hall, number).pk, "application": application})
        fixed = client.post(f"{LOCKS}add/", {"stand": stand(hall, 1).pk, "application": two.pk})
        assert str(one.company) in str(fixed.context["adminform"].form.errors)
        kept_out = client.post(f"{LOCKS}add/", {"stand": stand(hall, 2).pk, "application": two.pk})
        assert "kept out already" in str(kept_out.context["adminform"].form.errors)
        assert set(StandLock.objects.values_list("application", flat=True)) == {one.pk, None}

    def test_a_stand_is_fixed_for_another_on_its_page(self, client, hall):
        one, two = applicant(hall), applicant(hall)
        client.post(f"{LOCKS}add/", {"stand": stand(hall, 1).pk, "application": one.pk})
        lock = StandLock.objects.get()
        address = f"{LOCKS}{lock.pk}/change/"
        client.post(address, {**form_of(client, address, "standlock_form"), "application": two.pk})
        assert StandLock.objects.get().application == two


class TestFreedStands:
    def freed(self, hall):
        leaver = applicant(hall)
        PlacementFactory(application=leaver, stand=stand(hall, 1), status="offered")
        endings.withdraw(application_id=leaver.pk, by=None, now=business_clock.now())
        freed_stands.give_away(now=business_clock.now())
        return FreedStand.objects.get()

    def test_the_list_says_to_whom_and_why_and_the_page_offers(self, client, hall):
        first = applicant(hall, status="waitlisted", waitlist_rank=1)
        row = self.freed(hall)
        text = client.get(FREED).content.decode()
        assert str(first.company) in text
        assert "first on the waiting list" in text
        assert "Offer the stand" in client.get(f"{FREED}{row.pk}/change/").content.decode()
        client.post(f"{FREED}{row.pk}/confirm/", {"candidate": first.pk})
        assert Placement.objects.get(application=first).status == "offered"

    def test_what_was_shown_is_what_is_confirmed(self, client, hall):
        applicant(hall, status="waitlisted", waitlist_rank=1)
        row = self.freed(hall)
        for candidate in ("", "x", applicant(hall).pk):
            client.post(f"{FREED}{row.pk}/confirm/", {"candidate": candidate})
        assert not placements.Placement.objects.live().exists()
        client.post(f"{FREED}{row.pk}/dismiss/")
        row.refresh_from_db()
        assert row.state == "dismissed"
