"""A function called from a frame with room is the same function."""

import sys

import pytest

from config.call_room import WORDS, with_room


def test_what_it_is_given_returns_and_raises_is_the_functions_own():
    assert with_room(divmod)(7, 2) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        with_room(divmod)(7, 0)


def test_the_frame_above_claims_more_than_a_chunk_of_the_interpreter():
    above = with_room(lambda: sys._getframe(1))()
    assert above.f_code.co_stacksize == WORDS > 16_384 / 8
