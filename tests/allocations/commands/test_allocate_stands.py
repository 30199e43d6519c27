"""``allocate_stands``: a run from the command line, with a table, and nothing kept that was not asked for."""

import io

import pytest
from django.core.management import CommandError, call_command

from allocations.domain import locks
from allocations.models import AllocationRun
from exhibitors.models import Placement
from tests.allocations.world import NOW, applicant, hall_of, stand

pytestmark = pytest.mark.django_db


def allocate(hall, *arguments):
    output = io.StringIO()
    call_command("allocate_stands", "--fair", hall.fair.slug, *arguments, stdout=output)
    return output.getvalue()


def test_the_proposal_is_printed_and_kept_and_occupies_nothing():
    hall = hall_of()
    one = applicant(hall)
    large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
    printed = allocate(hall, "--seed", "3", "--time-limit", "2")
    assert f"{one.company}  new" in printed
    assert f"{large.company}  without a stand  3 of 3 stands: too small or too large" in printed
    assert "1 of 2 placed" in printed
    run = AllocationRun.objects.get()
    assert (run.seed, run.time_limit_seconds) == (3, 2)
    assert not Placement.objects.exists()


def test_a_dry_run_keeps_nothing():
    hall = hall_of()
    applicant(hall)
    assert "Nothing was kept" in allocate(hall, "--dry-run")
    assert not AllocationRun.objects.exists()
    with pytest.raises(CommandError, match="one of the two"):
        allocate(hall, "--dry-run", "--take-over")
    locks.fix(stand=stand(hall, 1), application=applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30), by=None, now=NOW)
    with pytest.raises(CommandError, match="There is no proposal"):
        allocate(hall, "--dry-run")
    assert not AllocationRun.objects.exists()


def test_it_is_taken_over_when_asked_to():
    hall = hall_of()
    one = applicant(hall)
    assert "taken over: 1 new" in allocate(hall, "--take-over")
    assert Placement.objects.get().application == one


def test_some_sites_and_states_only():
    hall = hall_of()
    beside = hall_of(hall.fair)
    applicant(hall)
    waiting = applicant(beside, status="waitlisted", waitlist_rank=1)
    printed = allocate(hall, "--site", beside.site.slug, "--status", "waitlisted")
    assert str(waiting.company) in printed
    assert "1 of 1 placed" in printed


def test_what_is_wrong_is_one_line():
    hall = hall_of()
    with pytest.raises(CommandError, match="There are"):
        call_command("allocate_stands", "--fair", "no-such-fair")
    with pytest.raises(CommandError, match="has no site"):
        allocate(hall, "--site", "nowhere")
    with pytest.raises(CommandError, match="from 1 to 300 seconds"):
        allocate(hall, "--time-limit", "0")
    large = applicant(hall, area_min_m2=20, area_wished_m2=20, area_max_m2=30)
    locks.fix(stand=stand(hall, 1), application=large, by=None, now=NOW)
    with pytest.raises(CommandError, match="these exclude each other"):
        allocate(hall)
