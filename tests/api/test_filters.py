"""What narrows a list is understood or refused, never passed over."""

import pytest
from django.core.exceptions import ValidationError

from api.filters import YesNoField


@pytest.mark.parametrize(("word", "meant"), [("true", True), ("False", False), ("", None), (None, None)])
def test_yes_no_and_nothing(word, meant):
    assert YesNoField(required=False).clean(word) is meant


@pytest.mark.parametrize("word", ["perhaps", "1", "2", "-4.9e16", "yes"])
def test_any_other_word_is_refused(word):
    with pytest.raises(ValidationError, match=r"Write true or false\."):
        YesNoField(required=False).clean(word)
