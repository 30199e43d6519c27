"""Scores and notes of reviewers: one's own, of the fair's criteria, and what their mean is."""

import pytest
from django.db import IntegrityError, connection, transaction

from api.problems import Invalid
from exhibitors.domain import reviews
from exhibitors.models import Application, ReviewCriterion, ReviewNote, ReviewScore
from tests.exhibitors.world import NOW
from tests.factories.accounts import UserFactory
from tests.factories.exhibitors import ApplicationFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def application():
    return ApplicationFactory(submitted=True)


@pytest.fixture
def criteria(application):
    return [
        ReviewCriterion.objects.create(fair=application.fair, name_en=name, weight=weight) for name, weight in (("Fit", 3), ("Brand", 1))
    ]


def score(application, by, **values):
    reviews.score(application_id=application.pk, by=by, now=NOW, **values)


def test_the_mean_counts_each_criterion_by_its_weight(application, criteria):
    fit, brand = criteria
    first, second = UserFactory(), UserFactory()
    score(application, first, values={fit.pk: 5, brand.pk: 1})
    score(application, second, values={fit.pk: 3})
    found = reviews.scores_of(application, reader=second)
    assert [(one.mean, one.own) for one in found] == [(4.0, 3), (1.0, None)]
    mean = (5 * 3 + 3 * 3 + 1) / 7
    assert reviews.weighted_mean(found) == pytest.approx(mean)
    assert reviews.with_mean_score(Application.objects.all()).get().mean_score == pytest.approx(mean)


def test_without_scores_there_is_no_mean(application, criteria):
    assert reviews.weighted_mean(reviews.scores_of(application, reader=UserFactory())) is None
    assert reviews.with_mean_score(Application.objects.all()).get().mean_score is None


def test_one_changes_and_takes_back_the_own_score_alone(application, criteria):
    fit, _brand = criteria
    first, second = UserFactory(), UserFactory()
    for reviewer in (first, second):
        score(application, reviewer, values={fit.pk: 4})
    score(application, first, values={fit.pk: 2})
    assert dict(ReviewScore.objects.values_list("reviewer", "value")) == {first.pk: 2, second.pk: 4}
    score(application, first, values={fit.pk: None})
    assert dict(ReviewScore.objects.values_list("reviewer", "value")) == {second.pk: 4}


@pytest.mark.parametrize("value", [0, 6, -1])
def test_a_score_is_one_to_five(application, criteria, value):
    with pytest.raises(Invalid):
        score(application, UserFactory(), values={criteria[0].pk: value})
    assert not ReviewScore.objects.exists()


def test_a_criterion_of_another_fair_is_unknown(application):
    other = ReviewCriterion.objects.create(fair=FairFactory(), name_en="Fit")
    with pytest.raises(Invalid):
        score(application, UserFactory(), values={other.pk: 3})
    with pytest.raises(IntegrityError, match="review_criterion_of_same_fair"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO exhibitors_reviewscore (application_id, reviewer_id, criterion_id, value, at) "
            "VALUES (%s, %s, %s, 3, '2030-01-01')",
            [application.pk, UserFactory().pk, other.pk],
        )


@pytest.mark.parametrize("text", ["", " \u200b ", "x" * 4001])
def test_a_note_says_something_and_not_too_much(application, text):
    with pytest.raises(Invalid):
        reviews.note(application_id=application.pk, by=UserFactory(), now=NOW, text=text)
    assert not ReviewNote.objects.exists()
