"""Services, stands preferred, neighbours, pavilion and fascia over the API: written, read back, refused with pointers."""

from datetime import UTC, datetime, timedelta

import pytest

from exhibitors.enums import ApplicationStatus
from exhibitors.models import NeighbourWish, StandPreference
from tests.exhibitors.world import application_in, site_of, stand_at
from tests.factories.exhibitors import CompanyFactory, CompanyMemberFactory, ExhibitorFactory, PavilionFactory, inn
from tests.factories.fairs import DeadlineFactory, SiteFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S = ApplicationStatus


@pytest.fixture
def application():
    return application_in(S.DRAFT)


@pytest.fixture
def site(application):
    return site_of(application.fair)


@pytest.fixture
def client(application, signed_in):
    return signed_in(CompanyMemberFactory(company=application.company).user)


@pytest.fixture
def change(application, client):
    address = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"

    def change(**body):
        return client.patch(address, body, headers={"If-Match": client.get(address)["ETag"]})

    return change


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


def test_services_and_stands_are_kept_in_their_order(change, site):
    first, second = stand_at(site, number="B-1"), stand_at(site, number="B-2")
    wish = {"site": site.slug, "power_kw": 5.5, "water": True, "cold_storage_m2": 2}
    by_number = {"hall": second.hall.slug, "number": "B-2"}

    [written] = change(sites=[{**wish, "stand_preferences": [by_number, {"stand": first.pk}]}]).json()["sites"]

    assert (written["power_kw"], written["water"], written["cold_storage_m2"]) == (5.5, True, 2.0)
    names = [{"stand": stand.pk, "hall": stand.hall.slug, "number": stand.number} for stand in (second, first)]
    assert written["stand_preferences"] == names
    assert list(StandPreference.objects.values_list("rank", "stand")) == [(1, second.pk), (2, first.pk)]
    # what was read can be sent back, turned round
    [turned] = change(sites=[{**written, "stand_preferences": names[::-1]}]).json()["sites"]
    assert turned["stand_preferences"] == names[::-1]
    [without] = change(sites=[{"site": site.slug}]).json()["sites"]
    assert (without["stand_preferences"], without["water"], without["power_kw"]) == ([], False, None)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"power_kw": 501}, ("/sites/0/power_kw", "max_value")),
        ({"power_kw": -1}, ("/sites/0/power_kw", "min_value")),
        ({"cold_storage_m2": 10**6}, ("/sites/0/cold_storage_m2", "max_digits")),
        ({"water": "perhaps"}, ("/sites/0/water", "invalid")),
        ({"stand_preferences": [{"number": "B-1"}]}, ("/sites/0/stand_preferences/0", "required")),
        ({"stand_preferences": [{"stand": 10**15}]}, ("/sites/0/stand_preferences/0", "unknown_stand")),
        ({"stand_preferences": [{"stand": 1}, {"stand": 2}, {"stand": 3}, {"stand": 4}]}, ("/sites/0/stand_preferences", "max_length")),
    ],
)
def test_what_is_wrong_with_a_site_is_named(change, site, wrong, error):
    assert errors(change(sites=[{"site": site.slug, **wrong}])) == [error]


def test_a_stand_of_another_site_or_fair_answers_like_an_unknown_one(change, application, site):
    elsewhere = stand_at(SiteFactory(fair=application.fair))
    foreign = stand_at(SiteFactory())
    wishes = [{"site": site.slug, "stand_preferences": [{"stand": pk}]} for pk in (elsewhere.pk, foreign.pk, 10**12)]
    answers = [change(sites=[wish]).content for wish in wishes]
    assert len(set(answers)) == 1


def test_a_stand_twice_and_a_blocked_one_are_refused(change, site):
    stand, blocked = stand_at(site), stand_at(site, blocked=True)
    twice = [{"stand": stand.pk}, {"hall": stand.hall.slug, "number": stand.number}]
    assert errors(change(sites=[{"site": site.slug, "stand_preferences": twice}])) == [("/sites/0/stand_preferences/1", "unique")]
    named = [{"stand": blocked.pk}]
    assert errors(change(sites=[{"site": site.slug, "stand_preferences": named}])) == [("/sites/0/stand_preferences/0", "stand_blocked")]
    for refused, code in (({"stand": 10**15}, "unknown_stand"), ({"number": stand.number}, "required")):
        wish = {"site": site.slug, "stand_preferences": [refused, {"stand": blocked.pk}]}
        found = [(f"/sites/0/stand_preferences/{place}", code) for place, code in enumerate((code, "stand_blocked"))]
        assert errors(change(sites=[wish])) == found, "each at its place"


def test_neighbours_are_named_by_the_catalogue_or_as_text(change, application):
    exhibitor = ExhibitorFactory(fair=application.fair)
    answer = change(near=[{"exhibitor": exhibitor.pk}], away=[{"name": "ООО «Сосед»", "inn": inn(77)}, {"name": "Rival"}]).json()

    name = str(exhibitor.company)
    assert answer["near"] == [{"exhibitor": exhibitor.pk, "name": name, "inn": ""}]
    assert answer["away"] == [{"exhibitor": None, "name": "ООО «Сосед»", "inn": inn(77)}, {"exhibitor": None, "name": "Rival", "inn": ""}]
    assert NeighbourWish.objects.get(kind="near").company == exhibitor.company
    # the two lists change places in one go; the one that is not named stays
    assert change(near=answer["away"], away=answer["near"]).json()["near"] == answer["away"]
    assert [one["name"] for one in change(near=[]).json()["away"]] == [name]


def test_whom_staff_take_a_name_for_stays_hidden_and_stays(change, application, client):
    change(near=[{"name": "Sosed"}])
    row = NeighbourWish.objects.get()
    address = f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"
    before = client.get(address)
    row.company = CompanyFactory()
    row.save()
    after = client.get(address)
    assert (after.content, after["ETag"]) == (before.content, before["ETag"])
    change(near=[{"name": "Other"}, {"name": "Sosed"}])
    assert NeighbourWish.objects.get(name="Sosed").company == row.company


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"near": [{"exhibitor": 10**12}]}, ("/near/0/exhibitor", "unknown_exhibitor")),
        ({"near": [{"name": " "}]}, ("/near/0/name", "required")),
        ({"away": [{"name": "A", "inn": "123"}]}, ("/away/0/inn", "inn")),
        ({"near": [{"name": "A"}], "away": [{"name": "a"}]}, ("/near/0", "unique")),
        ({"near": [{"name": str(n)} for n in range(11)]}, ("/near", "max_length")),
        ({"pavilion": "nowhere"}, ("/pavilion", "unknown_pavilion")),
        ({"fascia_text": "俄" * 21}, ("/fascia_text", "max_length")),
        ({"fascia_text": 5}, ("/fascia_text", "invalid")),
    ],
)
def test_what_is_wrong_is_named(change, body, error):
    assert error in errors(change(**body))


def test_an_exhibitor_of_another_fair_is_unknown_and_the_own_one_no_neighbour(change, application):
    foreign = ExhibitorFactory()
    assert change(near=[{"exhibitor": foreign.pk}]).content == change(near=[{"exhibitor": 10**12}]).content
    own = ExhibitorFactory(fair=application.fair, application=application, company=application.company)
    assert errors(change(away=[{"exhibitor": own.pk}])) == [("/away/0/exhibitor", "same_company")]


def test_a_pavilion_is_named_by_its_slug_and_left_again(change, application):
    pavilion, foreign = PavilionFactory(fair=application.fair), PavilionFactory()
    assert change(pavilion=pavilion.slug).json()["pavilion"] == pavilion.slug
    assert change(pavilion=foreign.slug).content == change(pavilion="unknown").content
    assert change(pavilion=None).json()["pavilion"] is None


def test_a_fascia_has_twenty_characters_of_any_script_and_needs_a_shell_scheme(change, site):
    assert change(fascia_text="俄" * 20).json()["fascia_text"] == "俄" * 20
    raw = [{"site": site.slug, "scheme": "raw"}]
    assert errors(change(sites=raw, fascia_text="Name")) == [("/fascia_text", "no_shell_scheme")]
    assert change(sites=raw).json()["fascia_text"] == ""


@pytest.mark.parametrize(("days", "status"), [(1, 200), (-1, 409)])
def test_a_submitted_application_takes_its_fascia_until_the_deadline(change, application, clock, days, status):
    application.status = application.told_status = S.SUBMITTED
    application.submitted_at = datetime(2030, 1, 10, tzinfo=UTC)
    application.save()
    DeadlineFactory(fair=application.fair, code="fascia_text", due_at=datetime(2030, 1, 15, 9, tzinfo=UTC) + timedelta(days=days))
    assert change(fascia_text="Name").status_code == status
    assert change(fascia_text="Name", pavilion=None).status_code == 409
    assert change(near=[]).status_code == 409


@pytest.mark.parametrize("count", [1, 3])
def test_pavilions_are_public_and_cost_the_same_for_any_number(api, application, count, django_assert_num_queries):
    pavilions = [PavilionFactory(fair=application.fair, region=application.company.region) for _number in range(count)]
    PavilionFactory()
    address = f"/api/v1/fairs/{application.fair.slug}/pavilions/"
    with django_assert_num_queries(3):  # fair with its revision, count, pavilions with their regions
        answer = api.get(address)
    assert [row["slug"] for row in answer.json()["results"]] == sorted(row.slug for row in pavilions)
    assert answer.json()["results"][0] == {
        "slug": min(row.slug for row in pavilions),
        "name": "Pavilion",
        "region": {"code": "RU-PRI", "name": "Primorsky Krai"},
        "institution": "",
    }


@pytest.mark.django_db(transaction=True)
def test_a_pavilion_that_changes_moves_the_tag(api, clock):
    pavilion = PavilionFactory()
    address = f"/api/v1/fairs/{pavilion.fair.slug}/pavilions/"
    tag = api.get(address)["ETag"]
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 304
    pavilion.name_en = "Other"
    pavilion.save()
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 200


def test_all_that_is_wrong_is_told_at_once(change, application, site):
    refused = change(
        categories=["99"],
        sites=[{"site": "nowhere"}, {"site": site.slug, "open_sides": 9}],
        pavilion="nowhere",
        near=[{"exhibitor": 10**12}, {"name": "A", "inn": "1"}],
        answers={"transport": "by air"},
        fascia_text="x" * 100,
    )

    assert set(errors(refused)) == {
        ("/sites/0/site", "unknown_site"),
        ("/sites/1/open_sides", "max_value"),
        ("/fascia_text", "max_length"),
        ("/categories/0", "unknown_category"),
        ("/pavilion", "unknown_pavilion"),
        ("/near/0/exhibitor", "unknown_exhibitor"),
        ("/near/1/inn", "inn"),
        ("/answers/transport", "unknown_question"),
    }
    assert not NeighbourWish.objects.exists()


def test_a_site_that_is_unknown_hides_nothing_of_the_next(change, site):
    preferred = [{"hall": "nowhere", "number": "1"}]
    last_day = (site.ends_on + timedelta(days=1)).isoformat()
    refused = change(sites=[{"site": "nowhere"}, {"site": site.slug, "last_day": last_day, "stand_preferences": preferred}])
    assert set(errors(refused)) == {
        ("/sites/0/site", "unknown_site"),
        ("/sites/1/last_day", "outside_site_days"),
        ("/sites/1/stand_preferences/0", "unknown_stand"),
    }


def test_a_name_in_both_lists_is_told_of_in_both(change):
    refused = change(near=[{"name": "A"}], away=[{"name": "a"}])
    assert errors(refused) == [("/near/0", "unique"), ("/away/0", "unique")]
    assert "near and away" in refused.json()["errors"][0]["detail"]
