"""A table is imported once, and others see how far it is while nothing of it is written. On PostgreSQL only."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import QuerySet

from exhibitors.enums import ImportState
from exhibitors.importing import far_note, uploads
from exhibitors.importing.far_note import FarNote, Stopped
from exhibitors.models import Company, CompanyImport
from tests.conftest import MOMENT
from tests.exhibitors.importing.conftest import csv_of, line
from tests.factories.fairs import StaffMembershipFactory
from tests.racing import at_once, by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
WORKERS = 4


@pytest.fixture
def upload(fair):
    """A table of three companies, confirmed."""
    cache.clear()
    by = StaffMembershipFactory(fair=fair).user
    content = csv_of(*(line(number) for number in range(3))).getvalue()
    upload = uploads.begin(fair=fair, name="table.csv", content=content, notify=False, by=by, now=MOMENT)
    turn()
    uploads.confirm(import_id=upload.pk)
    return upload


def turn(_number: int = 0) -> bool:
    return uploads.take_turn(now=lambda: MOMENT)


@pytest.fixture
def read(monkeypatch):
    """How often the table was read from now on."""
    times, reading = [], uploads.import_companies

    def counted(**given):
        times.append(1)
        return reading(**given)

    monkeypatch.setattr(uploads, "import_companies", counted)
    return times


def test_many_workers_import_a_table_once(upload, read):
    assert sum(by_many(turn, times=WORKERS)) == len(read) == 1
    upload.refresh_from_db()
    assert (upload.state, Company.objects.count()) == (ImportState.DONE, 3)


def test_without_the_lock_they_read_it_again(upload, read, monkeypatch):
    """The control: what the companies' own rules still hold up is read for nothing."""
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_given: self)
    by_many(turn, times=WORKERS)
    assert len(read) > 1


def test_others_see_how_far_it_is_while_nothing_of_it_is_written(upload):
    seen = []
    with transaction.atomic(), FarNote(upload.pk, every=0) as note:
        Company.objects.all().delete()
        note(2, 3)
        seen += at_once(lambda: CompanyImport.objects.values_list("rows_done", "rows_total").get(pk=upload.pk))
    assert seen == [(2, 3)]


def test_a_note_is_not_written_oftener_than_every_so_often(upload):
    with FarNote(upload.pk, every=60) as note:
        note(1, 3)
    upload.refresh_from_db()
    assert upload.rows_done == 0


def test_who_discards_a_table_that_a_worker_is_at_makes_it_stop(upload, monkeypatch):
    """The discarding comes while the worker has the rows written, from another connection; nothing of them is left."""
    discarded = []
    noted = FarNote.__call__

    def discarding(note, done, total):
        if not discarded:
            discarded.append(1)
            assert at_once(lambda: uploads.discard(import_id=upload.pk, now=MOMENT)) == [False]
        noted(note, done, total)

    monkeypatch.setattr(FarNote.__init__, "__kwdefaults__", {"every": 0})
    monkeypatch.setattr(FarNote, "__call__", discarding)
    assert turn() is True
    upload.refresh_from_db()
    assert (upload.state, upload.stop_asked_at, Company.objects.count()) == (ImportState.DISCARDED, MOMENT, 0)


def test_the_note_itself_says_that_it_is_to_stop(upload):
    CompanyImport.objects.filter(pk=upload.pk).update(stop_asked_at=datetime(2030, 1, 1, tzinfo=UTC))
    with FarNote(upload.pk, every=0) as note, pytest.raises(Stopped):
        note(1, 3)


def test_without_a_connection_of_its_own_the_import_goes_on(upload, monkeypatch, caplog):
    monkeypatch.setattr(far_note, "_NOTE", "SELECT nothing FROM nowhere WHERE %s = %s AND %s = 1")
    with FarNote(upload.pk, every=0) as note:
        note(1, 3)
        note(2, 3)
    assert "could not be noted (ProgrammingError)" in caplog.text
    assert connection.is_usable()
