"""Uploaded tables: what a worker makes of them, whatever becomes of the worker, the database or the person meanwhile."""

from datetime import timedelta

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils import translation

from accounts.models import User
from exhibitors.domain import tries
from exhibitors.enums import ImportState
from exhibitors.importing import uploads
from exhibitors.importing.far_note import Stopped
from exhibitors.importing.uploads import ImportedAlready, ImportOver, NotToConfirm
from exhibitors.models import ApplicationStep, Company, CompanyImport, CompanyImportFile
from exhibitors.tasks import import_tables
from fairs.models import Fair
from notifications.models import Letter
from tests.conftest import MOMENT
from tests.exhibitors.importing.conftest import csv_of, line
from tests.factories.exhibitors import inn
from tests.factories.fairs import StaffMembershipFactory

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def by(fair: Fair) -> User:
    return StaffMembershipFactory(fair=fair).user


@pytest.fixture
def begin(fair, by):
    """``begin(line(1), …)``: a table that waits for a worker."""

    def run(*lines: dict[str, str], notify: bool = False) -> CompanyImport:
        with translation.override("ru"):
            return uploads.begin(fair=fair, name="table.csv", content=csv_of(*lines).getvalue(), notify=notify, by=by, now=MOMENT)

    return run


@pytest.fixture
def broken(monkeypatch):
    """``broken(error)``: whatever reads the table ends so from now on, after it has written."""
    read = uploads.import_companies

    def run(error: BaseException) -> None:
        def failing(**given):
            read(**given)
            raise error

        monkeypatch.setattr(uploads, "import_companies", failing)

    return run


def turn() -> bool:
    return uploads.take_turn(now=lambda: MOMENT)


def state_of(upload: CompanyImport) -> str:
    upload.refresh_from_db()
    return upload.state


def told(upload: CompanyImport) -> str:
    assert state_of(upload) == ImportState.REFUSED
    (((row, column, message)),) = upload.report["errors"]
    assert (row, column) == (0, "")
    return message


def submitted(number: int) -> dict[str, str]:
    return line(number, status="submitted", submitted_at="2030-01-10 08:00")


@pytest.mark.parametrize("notify", [True, False])
def test_letters_go_with_the_import_where_they_are_wanted_and_never_with_the_look(begin, by, notify):
    upload = begin(submitted(1), notify=notify)
    assert turn() is True
    assert (state_of(upload), Letter.objects.count(), Company.objects.count()) == (ImportState.CHECKED, 0, 0)
    upload.refresh_from_db()
    foreseen = upload.report["letters"]
    uploads.confirm(import_id=upload.pk)
    assert turn() is True
    assert (state_of(upload), Company.objects.count()) == (ImportState.DONE, 1)
    assert Letter.objects.exists() is notify
    assert Letter.objects.count() == foreseen
    assert set(ApplicationStep.objects.values_list("by", flat=True)) == {by.pk}
    assert (upload.ended_at, upload.rows_done, upload.rows_total) == (MOMENT, 1, 1)


def test_the_table_is_kept_as_long_as_it_is_needed(begin):
    upload = begin(line(1))
    turn()
    assert CompanyImportFile.objects.filter(pk=upload.pk).exists()
    uploads.confirm(import_id=upload.pk)
    turn()
    assert not CompanyImportFile.objects.exists()


def test_one_table_a_turn_in_the_order_of_their_coming(begin):
    first, second = begin(line(1)), begin(line(2))
    assert turn() is True
    assert (state_of(first), state_of(second)) == (ImportState.CHECKED, ImportState.CHECKING)
    assert turn() is True
    assert turn() is False


def test_what_was_right_at_the_look_and_is_wrong_by_now_is_refused(begin):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    upload.fair.sites.update(slug="west")
    turn()
    assert state_of(upload) == ImportState.REFUSED
    assert "east_area" in str(upload.report["errors"])
    assert not CompanyImportFile.objects.filter(pk=upload.pk).exists()


def test_errors_are_in_the_uploaders_language(begin):
    upload = begin(line(1, region="RU-XXX"))
    turn()
    upload.refresh_from_db()
    assert "Региона «RU-XXX» нет" in upload.report["errors"][0][2]


def test_a_report_lists_so_many_errors_and_counts_all(begin, monkeypatch):
    monkeypatch.setattr(uploads, "MOST_TOLD", 2)
    upload = begin(*(line(number, region="RU-XXX") for number in range(3)))
    turn()
    upload.refresh_from_db()
    assert (len(upload.report["errors"]), upload.report["error_count"]) == (2, 3)


def test_a_table_is_confirmed_once_and_not_before_its_look(begin):
    upload = begin(line(1))
    with pytest.raises(NotToConfirm):
        uploads.confirm(import_id=upload.pk)
    turn()
    uploads.confirm(import_id=upload.pk)
    with pytest.raises(NotToConfirm):
        uploads.confirm(import_id=upload.pk)


@pytest.mark.parametrize("lost", ["right", "account"])
def test_whoever_lost_the_right_meanwhile_imports_nothing(begin, by, lost):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    if lost == "right":
        by.staff_memberships.all().delete()
    else:
        User.objects.update(is_active=False)
    turn()
    assert "больше не вправе" in told(upload)
    assert not Company.objects.exists()


def test_a_worker_that_dies_has_written_nothing_and_the_next_begins_anew(begin, broken, monkeypatch):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    with monkeypatch.context():
        broken(KeyboardInterrupt())
        with pytest.raises(KeyboardInterrupt):
            turn()
    assert (state_of(upload), Company.objects.count()) == (ImportState.IMPORTING, 0)


def test_a_table_that_kills_its_worker_every_time_is_given_up_and_the_next_one_has_its_turn(begin, monkeypatch):
    read = uploads.import_companies
    killer, other = begin(line(1)), begin(line(2), line(3))

    def dying(**given):
        if given["source"].getvalue() == csv_of(line(1)).getvalue():
            raise KeyboardInterrupt
        return read(**given)

    monkeypatch.setattr(uploads, "import_companies", dying)
    for _tick in range(tries.MOST_TRIES):
        with pytest.raises(KeyboardInterrupt):
            turn()
    assert turn() is True
    assert "каждый раз обрывалась" in told(killer)
    assert state_of(other) == ImportState.CHECKED


def test_a_database_that_is_away_for_long_counts_against_no_table(begin, broken, monkeypatch):
    upload = begin(line(1))
    with monkeypatch.context():
        broken(OperationalError("away"))
        for _tick in range(2 * tries.MOST_TRIES):
            assert turn() is False
    upload.refresh_from_db()
    assert (upload.state, upload.tries) == (ImportState.CHECKING, 0)


def test_an_error_of_ours_is_told_and_has_written_nothing(begin, broken):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    broken(ValueError("x"))
    assert turn() is True
    assert "ValueError" in told(upload)
    assert not Company.objects.exists()


def test_a_table_that_takes_too_long_is_told_so(begin, broken):
    upload = begin(line(1))
    broken(SoftTimeLimitExceeded())
    turn()
    assert "по частям" in told(upload)


def test_a_table_that_nobody_works_on_is_discarded_at_once(begin):
    upload = begin(line(1))
    assert uploads.discard(import_id=upload.pk, now=MOMENT) is True
    assert (state_of(upload), upload.ended_at) == (ImportState.DISCARDED, MOMENT)
    assert not CompanyImportFile.objects.exists()
    assert turn() is False
    with pytest.raises(ImportOver):
        uploads.discard(import_id=upload.pk, now=MOMENT)


@pytest.mark.parametrize("confirmed", [True, False])
def test_a_worker_that_is_asked_to_stop_undoes_what_it_did(begin, broken, confirmed):
    upload = begin(line(1))
    if confirmed:
        turn()
        uploads.confirm(import_id=upload.pk)
    broken(Stopped())
    assert turn() is True
    assert (state_of(upload), Company.objects.count()) == (ImportState.DISCARDED, 0)


def test_who_stops_too_late_is_told_that_it_is_imported(begin):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    turn()
    with pytest.raises(ImportedAlready):
        uploads.discard(import_id=upload.pk, now=MOMENT)


def test_a_report_knows_what_it_has_brought_and_whether_that_was_foreseen(begin):
    first, second = begin(submitted(1)), begin(submitted(1), submitted(2), line(3, status="draft"))
    turn()
    turn()
    for upload in (first, second):
        uploads.confirm(import_id=upload.pk)
        turn()
        upload.refresh_from_db()
    assert "checked" not in first.report
    assert second.report["checked"] == {"created": 3, "updated": 0, "unchanged": 0}
    assert (second.report["created"], second.report["unchanged"]) == (2, 1)
    assert second.report["created_ids"] == [Company.objects.get(inn=inn(number)).pk for number in (2, 3)]
    assert second.report["states"] == {"submitted": 1, "draft": 1}


def test_a_report_counts_who_is_late(begin, fair):
    Fair.objects.filter(pk=fair.pk).update(applications_close_at=MOMENT - timedelta(days=9))
    upload = begin(submitted(1), line(2, status="draft"))
    turn()
    upload.refresh_from_db()
    assert (upload.report["states"], upload.report["late"]) == ({"submitted": 1, "draft": 1}, 1)


def test_what_was_to_stop_when_its_worker_died_is_not_begun_again(begin, broken):
    upload = begin(line(1))
    CompanyImport.objects.update(stop_asked_at=MOMENT)
    broken(AssertionError("it was begun"))
    assert turn() is True
    assert state_of(upload) == ImportState.DISCARDED


def test_what_another_worker_has_done_meanwhile_is_not_done_again(begin, broken, monkeypatch):
    upload = begin(line(1))

    def other_first(import_id, *, now):
        return bool(CompanyImport.objects.filter(pk=import_id).update(state=ImportState.CHECKED))

    monkeypatch.setattr(uploads, "_note_try", other_first)
    broken(AssertionError("it was begun"))
    assert turn() is False
    assert state_of(upload) == ImportState.CHECKED


def test_the_task_takes_one_table_after_the_other_and_forgets_what_nobody_confirmed(begin):
    old = begin(line(1))
    turn()
    CompanyImport.objects.update(created_at=MOMENT - timedelta(days=2))
    first, second = begin(line(2)), begin(line(3))
    import_tables()
    assert [state_of(one) for one in (old, first, second)] == [ImportState.DISCARDED, ImportState.CHECKED, ImportState.CHECKED]


def test_a_worker_that_is_asked_to_stop_at_its_very_end_undoes_what_it_did(begin, monkeypatch):
    upload = begin(line(1))
    turn()
    uploads.confirm(import_id=upload.pk)
    read = uploads.import_companies

    def asked_to_stop(**given):
        report = read(**given)
        CompanyImport.objects.filter(pk=upload.pk).update(stop_asked_at=MOMENT)
        return report

    monkeypatch.setattr(uploads, "import_companies", asked_to_stop)
    turn()
    assert (state_of(upload), Company.objects.count()) == (ImportState.DISCARDED, 0)


def test_what_nobody_confirms_within_a_day_is_forgotten(begin):
    upload, waiting = begin(line(1)), begin(line(2))
    turn()
    uploads.forget_unconfirmed(now=MOMENT + timedelta(days=1))
    assert state_of(upload) == ImportState.CHECKED
    uploads.forget_unconfirmed(now=MOMENT + timedelta(days=1, seconds=1))
    assert (state_of(upload), state_of(waiting)) == (ImportState.DISCARDED, ImportState.CHECKING)
    assert CompanyImportFile.objects.get().pk == waiting.pk
