"""Two people at once, many workers at once: one mailing, one letter an address. On PostgreSQL only."""

import pytest
from django.core.cache import cache

from exhibitors.domain import mailings
from exhibitors.enums import CompanyRole, RecipientState
from exhibitors.models import Mailing, MailingRecipient
from exhibitors.models.mailing import MailingQuerySet
from fairs.domain import letter_templates
from fairs.domain.letter_templates import TextsChanged
from notifications.models import Letter, LetterTemplate
from notifications.wording import Wording
from tests.conftest import MOMENT
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyMemberFactory
from tests.factories.fairs import FairFactory
from tests.racing import by_many

pytestmark = [
    pytest.mark.race,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("clock"),
]
WORKERS, EXHIBITORS = 6, 30
TEXT = {"en": Wording("News", "{{ greeting }}")}


@pytest.fixture
def fair(monkeypatch):
    cache.clear()
    for task in ("deliver_letter", "deliver_letters"):
        monkeypatch.setattr(f"notifications.outbox.{task}.delay", lambda **_given: None)
    return FairFactory()


def exhibitors(fair, count=EXHIBITORS):
    applications = ApplicationFactory.create_batch(count, fair=fair, accepted=True)
    for application in applications:
        CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER)
    return [application.pk for application in applications]


def create(fair, ids, user, page="1"):
    return mailings.create(fair=fair, application_ids=ids, texts=TEXT, by=user, now=MOMENT, token=page)


@pytest.fixture
def handed(monkeypatch):
    """How many letters workers have set out to write."""
    counted = []
    write = mailings.write_letters
    monkeypatch.setattr(mailings, "write_letters", lambda letters: (counted.append(len(letters)), write(letters))[1])
    monkeypatch.setattr(mailings, "LETTERS_A_TRANSACTION", 5)
    return counted


def test_many_workers_write_each_letter_once(fair, handed):
    create(fair, exhibitors(fair), UserFactory())
    by_many(lambda _number: mailings.write_due(now=MOMENT), times=WORKERS)
    mailings.write_due(now=MOMENT)
    assert sum(handed) == EXHIBITORS, "no batch is taken by two"
    assert Letter.objects.count() == EXHIBITORS
    assert set(MailingRecipient.objects.values_list("state", flat=True)) == {RecipientState.WRITTEN}


def test_without_the_lock_workers_take_the_same_batch(fair, handed, monkeypatch):
    """The control; the letters' keys still let each go once."""
    monkeypatch.setattr(MailingQuerySet, "select_for_update", lambda self, **_given: self)
    create(fair, exhibitors(fair), UserFactory())
    by_many(lambda _number: mailings.write_due(now=MOMENT), times=WORKERS)
    assert sum(handed) > EXHIBITORS
    assert Letter.objects.count() == EXHIBITORS


def test_a_page_that_is_sent_by_many_clicks_makes_one_mailing(fair):
    ids, user = exhibitors(fair, 2), UserFactory()
    made = by_many(lambda _number: create(fair, ids, user).pk, times=WORKERS)
    assert len(set(made)) == Mailing.objects.count() == 1
    assert MailingRecipient.objects.count() == 2
    by_many(lambda number: create(fair, ids, user, page=f"other {number}"), times=WORKERS)
    assert Mailing.objects.count() == 1 + WORKERS, "other pages are other mailings"


def test_of_many_who_save_a_text_at_once_one_does(fair):
    user, seen = UserFactory(), letter_templates.state_of(fair, "exhibitors.admitted")

    def save(number, seen):
        texts = {"en": Wording(f"No. {number}", "x")}
        try:
            letter_templates.save(fair=fair, occasion="exhibitors.admitted", texts=texts, by=user, now=MOMENT, seen=seen)
        except TextsChanged:
            return False
        return True

    assert sum(by_many(lambda number: save(number, seen), times=WORKERS)) == 1
    assert LetterTemplate.objects.count() == 1
    assert sum(by_many(lambda number: save(number, None), times=WORKERS)) == WORKERS, "who does not say what was seen saves over"
    fair.refresh_from_db()
    assert fair.letters_version == 1 + WORKERS
