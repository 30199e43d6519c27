"""Apply for another fair at the desk: with the right at both fairs, and with word of what was and was not taken over."""

from datetime import date

import pytest
from django.urls import reverse

from exhibitors.domain import endings
from exhibitors.enums import ApplicationStatus
from exhibitors.models import Application
from fairs.enums import StaffRole
from tests.exhibitors.world import NOW, application_in
from tests.factories.exhibitors import ApplicationFactory, PavilionFactory, ProductFactory
from tests.factories.fairs import FairFactory, SiteFactory, StaffMembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def source():
    source = application_in(ApplicationStatus.ACCEPTED)
    source.pavilion = PavilionFactory(fair=source.fair)
    source.save()
    ProductFactory(application=source, gacc_number="CRUS1", gacc_valid_until=date(2001, 1, 1), name_en="Old cod")
    return source


@pytest.fixture
def staff(client, source):
    """Edits applications at the fair of the source and at one more."""
    membership = StaffMembershipFactory(fair=source.fair, role=StaffRole.REVIEWER)
    client.force_login(membership.user)
    return membership.user


@pytest.fixture
def fair(source, staff):
    fair = FairFactory()
    SiteFactory(fair=fair, kind=source.site_wishes.get().site.kind)
    StaffMembershipFactory(fair=fair, user=staff, role=StaffRole.OWNER)
    return fair


def page_of(source):
    return reverse("admin:exhibitors_application_apply_again", args=[source.pk])


def test_a_draft_is_made_and_the_page_says_what_is_in_it_and_what_is_not(client, source, fair):
    assert page_of(source) in client.get(reverse("admin:exhibitors_application_change", args=[source.pk])).content.decode()
    assert list(client.get(page_of(source)).context["form"].fields["fair"].queryset) == [fair]
    response = client.post(page_of(source), {"fair": fair.pk})
    draft = Application.objects.get(fair=fair)
    assert (draft.company, draft.status, draft.products.get().gacc_number) == (source.company, "draft", "")
    assert response.context["taken"] == [("product categories", 1), ("sites wished", 1), ("products", 1)]
    text = response.content.decode()
    assert "Choose a pavilion of this fair." in text
    assert "GACC number of Old cod has run out" in text
    assert reverse("admin:exhibitors_application_change", args=[draft.pk]) in text


def test_a_second_application_to_a_fair_is_not_offered(client, source, fair):
    client.post(page_of(source), {"fair": fair.pk})
    response = client.post(page_of(source), {"fair": fair.pk})
    assert response.context["copied"] is None
    assert Application.objects.filter(fair=fair).count() == 1


def test_the_right_at_both_fairs_is_needed(client, source, staff):
    elsewhere = FairFactory()
    StaffMembershipFactory(fair=elsewhere, user=staff, role=StaffRole.FINANCE)
    assert "no other fair" in client.get(page_of(source)).content.decode()
    client.post(page_of(source), {"fair": elsewhere.pk})
    assert not elsewhere.applications.exists()
    reader = StaffMembershipFactory(fair=source.fair, role=StaffRole.READ_ONLY).user
    client.force_login(reader)
    assert client.get(page_of(source)).status_code == 403
    client.force_login(StaffMembershipFactory().user)
    assert client.get(page_of(source)).status_code == 404


def test_a_company_page_leads_to_its_latest_application(client, source, fair):
    later = ApplicationFactory(company=source.company, fair=fair)
    type(fair).objects.filter(pk=source.fair_id).update(starts_on=date(2001, 1, 1))
    page = client.get(reverse("admin:exhibitors_company_change", args=[source.company_id]))
    assert page.context["apply_again_url"] == page_of(later)


def test_a_draft_that_a_colleague_has_made_meanwhile_is_told_of(client, source, fair, staff):
    other = StaffMembershipFactory(fair=FairFactory(), user=staff, role=StaffRole.OWNER).fair
    seen = client.get(page_of(source)).context["seen"]
    client.post(page_of(source), {"fair": fair.pk, "seen": seen})

    answer = client.post(page_of(source), {"fair": other.pk, "seen": seen})

    assert f"“{fair}” was made" in str(answer.context["form"].non_field_errors())
    assert not other.applications.exists()
    assert f'name="seen" value="{answer.context["seen"]}"' in answer.content.decode()
    client.post(page_of(source), {"fair": other.pk, "seen": answer.context["seen"]})
    assert other.applications.exists()


def test_a_step_taken_meanwhile_is_told_before_a_draft_is_made(client, source, fair, staff):
    seen = client.get(page_of(source)).context["seen"]
    endings.withdraw(application_id=source.pk, by=None, now=NOW)
    answer = client.post(page_of(source), {"fair": fair.pk, "seen": seen})
    assert "Meanwhile" in str(answer.context["form"].non_field_errors())
    assert not fair.applications.exists()
