"""Mailings: each address once, in its language, whatever dies in between; and until it has left it can be stopped."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from api.problems import Invalid
from exhibitors.domain import mailings
from exhibitors.domain.mailings import MailingOver, NobodyToWriteTo, Standing
from exhibitors.enums import CompanyRole, PlacementStatus, RecipientState
from exhibitors.models import Application, Mailing, MailingRecipient
from notifications import held, outbox
from notifications.enums import LetterStatus, SuppressionReason
from notifications.models import Letter, Suppression
from notifications.wording import Wording
from tests.conftest import MOMENT
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory, CompanyContactFactory, CompanyMemberFactory, PlacementFactory
from tests.factories.fairs import FairFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
TEXTS = {
    "en": Wording("News for {{ company }}", "{{ greeting }}\n\nStand {{ stand_number }}."),
    "ru": Wording("Новости", "{{ greeting }}\n\nЖдём."),
}


@pytest.fixture
def fair():
    return FairFactory()


def exhibitor(fair, **member):
    application = ApplicationFactory(fair=fair, accepted=True)
    CompanyMemberFactory(company=application.company, role=CompanyRole.OWNER, **{f"user__{name}": value for name, value in member.items()})
    return application


def create(fair, *, texts=None, page="1", at=None, applications=None, **given):
    chosen = applications or Application.objects.filter(fair=fair)
    ids = [application.pk for application in chosen]
    return mailings.create(fair=fair, application_ids=ids, texts=texts or TEXTS, by=UserFactory(), now=MOMENT, token=page, at=at, **given)


def test_each_address_gets_one_letter_in_its_language(fair):
    first = exhibitor(fair, email="Li@example.org", language="en")
    PlacementFactory(application=first, stand__number="A-12")
    CompanyContactFactory(company=exhibitor(fair, email="anna@example.org", language="ru").company, email="LI@example.org")
    exhibitor(fair, email="wang@example.org", language="zh-hans")
    mailing = create(fair)
    assert not Letter.objects.exists(), "the worker writes them"
    assert mailings.write_due(now=MOMENT) == 3
    written = {letter.recipient_email: letter.subject for letter in Letter.objects.all()}
    assert written == {
        "li@example.org": f"News for {first.company}",
        "anna@example.org": "Новости",
        "wang@example.org": f"News for {Application.objects.latest('pk').company}",
    }
    letter = Letter.objects.get(recipient_email="li@example.org")
    assert "Stand A-12." in letter.text
    assert letter.about == f"application:{first.pk}"
    assert "Stand" not in Letter.objects.get(recipient_email="wang@example.org").text, "no stand, no line about it"
    mailing.refresh_from_db()
    assert mailing.done_at == MOMENT
    assert mailings.write_due(now=MOMENT) == 0


def test_who_was_not_chosen_gets_none_and_nobody_reads_of_a_stand_that_is_not_theirs_yet(fair):
    chosen, other = (exhibitor(fair, email=f"{name}@example.org", language="en") for name in ("anna", "boris"))
    PlacementFactory(application=chosen, stand__number="HELD-1", status=PlacementStatus.PLANNED)
    PlacementFactory(application=other, stand__number="B-7")
    create(fair, applications=[chosen])
    assert mailings.write_due(now=MOMENT) == 1
    letter = Letter.objects.get()
    assert letter.recipient_email == "anna@example.org"
    assert "Stand" not in letter.text


def test_a_name_makes_no_link_and_no_markup(fair):
    application = exhibitor(fair, language="en")
    nasty = "<b>x</b> [click](http://evil.example) {{ fair }}"
    type(application.company).objects.filter(pk=application.company_id).update(name_en=nasty, name_ru=nasty, name_zh_hans=nasty)
    create(fair, texts={"en": Wording("x", "{{ company }}\n\n| Company | {{ company }}\n\n[{{ company }}](https://fair.example)")})
    mailings.write_due(now=MOMENT)
    letter = Letter.objects.get()
    assert "<b>" not in letter.html
    assert "http://evil" not in letter.html + letter.text
    assert letter.html.count("<a ") == 2, "the organiser's own and the footer's"
    assert settings.SITE_URL in letter.html


def test_the_same_page_sent_twice_makes_one_mailing(fair):
    exhibitor(fair)
    assert create(fair) == create(fair)
    assert (Mailing.objects.count(), MailingRecipient.objects.count()) == (1, 1)
    elsewhere = FairFactory()
    exhibitor(elsewhere)
    assert create(elsewhere).fair == elsewhere, "the same token at another fair is another page"


def test_a_later_mailing_waits_and_can_be_cancelled(fair):
    exhibitor(fair)
    mailing = create(fair, at=MOMENT + timedelta(hours=1))
    assert mailings.write_due(now=MOMENT + timedelta(minutes=59)) == 0
    mailings.cancel(mailing_id=mailing.pk, now=MOMENT)
    assert mailings.write_due(now=MOMENT + timedelta(hours=2)) == 0
    assert not Letter.objects.exists()
    assert mailing.recipients.get().state == RecipientState.CANCELLED
    with pytest.raises(MailingOver):
        mailings.cancel(mailing_id=mailing.pk, now=MOMENT)


def test_held_letters_wait_until_each_is_released_and_can_be_edited_and_dropped(fair, django_capture_on_commit_callbacks):
    for name in ("a", "b", "c"):
        exhibitor(fair, email=f"{name}@example.org", language="en")
    create(fair, holds=True)
    with django_capture_on_commit_callbacks() as hints:
        assert mailings.write_due(now=MOMENT) == 3
    assert hints == []
    now = timezone.now()
    assert not Letter.objects.due(now=now + timedelta(days=2)).exists()
    first, second, third = Letter.objects.order_by("pk")
    assert held.edit(letter_id=first.pk, subject="For you", text="A word for you.", now=now)
    assert outbox.cancel_letter(letter_id=second.pk)
    assert held.release(letter_id=first.pk, now=now)
    assert [letter.subject for letter in Letter.objects.due(now=now + timedelta(minutes=1))] == ["For you"]
    assert Letter.objects.get(pk=third.pk).is_held


def test_a_worker_that_dies_leaves_the_rest_to_the_next(fair, monkeypatch):
    for _number in range(5):
        exhibitor(fair)
    mailing = create(fair)
    monkeypatch.setattr(mailings, "LETTERS_A_TRANSACTION", 2)
    assert mailings._write_batch(mailing.pk, mailings._begin_batch(mailing.pk, now=MOMENT), now=MOMENT) == 2
    write = mailings.write_letters

    def dies(letters):
        write(letters)
        raise KeyboardInterrupt

    monkeypatch.setattr(mailings, "write_letters", dies)
    with pytest.raises(KeyboardInterrupt):
        mailings.write_due(now=MOMENT)
    assert (Letter.objects.count(), mailing.recipients.filter(state="waiting").count()) == (2, 3), "nothing half-written"
    monkeypatch.setattr(mailings, "write_letters", write)
    assert mailings.write_due(now=MOMENT) == 3
    assert Letter.objects.count() == len(set(Letter.objects.values_list("recipient_email", flat=True))) == 5


def test_a_letter_that_kills_its_worker_every_time_fails_in_the_end_and_the_others_are_written(fair, monkeypatch):
    _first, deadly, *_others = [exhibitor(fair) for _number in range(4)]
    mailing, after = create(fair), create(fair, page="2")
    write = mailings.write_letters

    def dies(letters):
        if any(letter.key.startswith(f"mailing:{mailing.pk}:") and letter.about == f"application:{deadly.pk}" for letter in letters):
            raise KeyboardInterrupt
        write(letters)

    monkeypatch.setattr(mailings, "write_letters", dies)
    deaths = 0
    for _tick in range(10):
        try:
            mailings.write_due(now=MOMENT)
        except KeyboardInterrupt:
            deaths += 1
        if deaths == 3:
            assert mailing.recipients.filter(state="written").count() == 3, "one by one, those first with whom fewer died"
    assert deaths == 5
    failed = mailing.recipients.get(application=deadly)
    assert (failed.state, mailing.recipients.filter(state="written").count(), after.recipients.filter(state="written").count()) == (
        "failed",
        3,
        4,
    )
    assert "write it by hand" in failed.reason
    mailing.refresh_from_db()
    assert mailing.done_at == MOMENT


def test_an_error_of_ours_with_one_mailing_holds_up_no_other(fair, monkeypatch):
    exhibitor(fair)
    broken, after = create(fair), create(fair, page="2")
    known = mailings._letters
    monkeypatch.setattr(mailings, "_letters", lambda mailing, *given: {}[1] if mailing == broken else known(mailing, *given))
    for _tick in range(10):
        mailings.write_due(now=MOMENT)
    assert (broken.recipients.get().state, after.recipients.get().state) == ("waiting", "written")


def test_a_database_that_is_away_fails_no_letter(fair, monkeypatch):
    exhibitor(fair)
    mailing = create(fair)
    write = mailings.write_letters

    def is_away(letters, **more):
        raise OperationalError("the connection is lost")

    monkeypatch.setattr(mailings, "write_letters", is_away)
    with pytest.raises(OperationalError):
        mailings.write_due(now=MOMENT)
    monkeypatch.setattr(mailings, "write_letters", write)
    assert mailings.write_due(now=MOMENT) == 1
    assert mailing.recipients.get().state == RecipientState.WRITTEN


def test_one_that_is_written_is_stopped_until_its_last_letter_has_left(fair):
    for _number in range(3):
        exhibitor(fair)
    mailing = create(fair)
    mailings.write_due(now=MOMENT)
    gone, leaving, waiting = Letter.objects.order_by("pk")
    Letter.objects.filter(pk=gone.pk).update(status=LetterStatus.SENT, sent_at=MOMENT)
    Letter.objects.filter(pk=leaving.pk).update(status=LetterStatus.SENDING, claimed_until=MOMENT)
    Letter.objects.filter(pk=waiting.pk).update(is_held=True)
    assert mailings.cancel(mailing_id=mailing.pk, now=MOMENT) == Standing(stoppable=1, left=2)
    waiting.refresh_from_db()
    mailing.refresh_from_db()
    assert (waiting.status, mailing.cancelled_at, mailing.done_at) == (LetterStatus.CANCELLED, MOMENT, None)
    with pytest.raises(MailingOver):
        mailings.cancel(mailing_id=mailing.pk, now=MOMENT)


def test_one_that_has_left_is_not_cancelled(fair):
    exhibitor(fair)
    mailing = create(fair)
    mailings.write_due(now=MOMENT)
    Letter.objects.update(status=LetterStatus.SENT, sent_at=MOMENT)
    with pytest.raises(MailingOver):
        mailings.cancel(mailing_id=mailing.pk, now=MOMENT)
    mailing.refresh_from_db()
    assert (mailing.done_at, mailing.cancelled_at) == (MOMENT, None)


def test_cancelled_in_the_middle_takes_back_what_has_not_left(fair, monkeypatch):
    for _number in range(3):
        exhibitor(fair)
    mailing = create(fair)
    monkeypatch.setattr(mailings, "LETTERS_A_TRANSACTION", 2)
    mailings._write_batch(mailing.pk, mailings._begin_batch(mailing.pk, now=MOMENT), now=MOMENT)
    gone = Letter.objects.order_by("pk")[0]
    Letter.objects.filter(pk=gone.pk).update(status=LetterStatus.SENT, sent_at=MOMENT)
    assert mailings.standing(mailing) == Standing(stoppable=2, left=1)
    assert mailings.cancel(mailing_id=mailing.pk, now=MOMENT) == Standing(stoppable=2, left=1)
    assert sorted(Letter.objects.values_list("status", flat=True)) == ["cancelled", "sent"]
    assert sorted(mailing.recipients.values_list("state", flat=True)) == ["cancelled", "written", "written"]


def test_a_letter_that_cannot_be_written_fails_alone(fair):
    good, bad = exhibitor(fair), exhibitor(fair)
    mailing = create(fair)
    MailingRecipient.objects.filter(application=bad).update(email="no address")
    mailings.write_due(now=MOMENT)
    states = dict(mailing.recipients.values_list("application", "state"))
    assert states == {good.pk: RecipientState.WRITTEN, bad.pk: RecipientState.FAILED}
    assert "ValidationError" in mailing.recipients.get(application=bad).reason
    mailing.refresh_from_db()
    assert mailing.done_at


def test_who_cannot_be_reached_is_counted_and_gets_none(fair):
    exhibitor(fair, email="here@example.org")
    exhibitor(fair, email="Gone@example.org")
    ApplicationFactory(fair=fair, accepted=True)
    Suppression.objects.create(address="gone@example.org", reason=SuppressionReason.UNKNOWN_MAILBOX)
    mailing = create(fair)
    assert (mailing.recipients.count(), mailing.unreached) == (1, 2)
    Suppression.objects.create(address="here@example.org", reason=SuppressionReason.UNKNOWN_MAILBOX)
    with pytest.raises(NobodyToWriteTo):
        create(fair, page="2")


def test_another_fairs_applications_are_left_out(fair):
    exhibitor(fair)
    foreign = exhibitor(FairFactory())
    mailing = create(fair, applications=[*Application.objects.filter(fair=fair), foreign])
    assert mailing.recipients.count() == 1


def test_the_database_refuses_a_recipient_of_another_fair(fair):
    exhibitor(fair)
    mailing, foreign = create(fair), exhibitor(FairFactory())
    with pytest.raises(IntegrityError), transaction.atomic():
        MailingRecipient.objects.create(
            mailing=mailing, application=foreign, address="x", email="x@example.org", language="en", time_zone="UTC"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        mailing.recipients.update(application=foreign)


@pytest.mark.parametrize(
    ("texts", "pointers"),
    [
        ({}, ["/subject_en"]),
        ({"en": Wording("Only a subject", "")}, ["/text_en"]),
        ({"en": Wording("{{ nothing }}", "{{ company.owner }}")}, ["/subject_en", "/text_en"]),
    ],
)
def test_bad_texts_are_refused_and_nothing_is_made(fair, texts, pointers):
    exhibitor(fair)
    with pytest.raises(Invalid) as refused:
        mailings.create(fair=fair, application_ids=[], texts=texts, by=UserFactory(), now=MOMENT, token="t")
    assert [error["pointer"] for error in refused.value.facts["errors"]] == pointers
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("count", [1, 3])
def test_making_and_writing_cost_the_same_for_any_number(fair, count, django_assert_num_queries):
    for application in [exhibitor(fair, language="en") for _number in range(count)]:
        PlacementFactory(application=application)
    user = UserFactory()
    ids = list(Application.objects.filter(fair=fair).values_list("pk", flat=True))
    with django_assert_num_queries(10):
        mailing = mailings.create(fair=fair, application_ids=ids, texts=TEXTS, by=user, now=MOMENT, token="t")
    with django_assert_num_queries(20):
        assert mailings._write_batch(mailing.pk, mailings._begin_batch(mailing.pk, now=MOMENT), now=MOMENT) == count


def test_a_placeholder_that_cannot_be_filled_for_one_refuses_the_whole(fair, monkeypatch):
    first, broken = exhibitor(fair), exhibitor(fair)
    known = mailings.contexts_of

    def contexts(*given):
        found = known(*given)
        found[broken.pk]["company"] = Unspeakable()
        return found

    monkeypatch.setattr(mailings, "contexts_of", contexts)
    with pytest.raises(Invalid) as refused:
        create(fair, texts={"en": Wording("x", "For {{ company }}")})
    [error] = refused.value.facts["errors"]
    assert error["code"] == "cannot_be_filled"
    assert str(broken.company) in error["detail"]
    assert not Mailing.objects.exists()
    assert first.pk != broken.pk


class Unspeakable:
    def __str__(self) -> str:
        raise AttributeError("no name")
