"""States at the desk are shown in words, whichever they are."""

import pytest
from django.utils import translation

from exhibitors.admin.application import STATUS_COLOURS
from exhibitors.domain.step_texts import STEP_TEXTS
from exhibitors.enums import ApplicationStatus, Step


@pytest.mark.parametrize("status", ApplicationStatus)
def test_every_state_has_a_chip(status: ApplicationStatus) -> None:
    assert status in STATUS_COLOURS


@pytest.mark.parametrize("step", Step)
def test_every_step_has_its_texts_in_russian(step: Step) -> None:
    texts = STEP_TEXTS[step]
    with translation.override("en"):
        english = [str(texts.label), str(texts.done), str(texts.consequence)]
    with translation.override("ru"):
        russian = [str(texts.label), str(texts.done), str(texts.consequence)]
    assert all(english)
    assert not set(english) & set(russian)
