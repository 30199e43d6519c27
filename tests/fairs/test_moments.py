"""Moments as people of a fair read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation

from fairs.moments import span_text

SHENYANG = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("last", "language", "text"),
    [
        (datetime(2024, 1, 28, 1, 30, tzinfo=UTC), "en", "28 Jan 2024, 09:00–09:30 (UTC+8)"),
        (datetime(2024, 1, 28, 1, 30, tzinfo=UTC), "ru", "28.01.2024 09:00–09:30 (UTC+8)"),
        (datetime(2024, 1, 28, 1, 0, 59, tzinfo=UTC), "en", "28 Jan 2024, 09:00 (UTC+8)"),
        (datetime(2024, 1, 28, 16, 0, tzinfo=UTC), "en", "28 Jan 2024, 09:00 – 29 Jan 2024, 00:00 (UTC+8)"),
        (datetime(2024, 1, 29, 1, 0, tzinfo=UTC), "ru", "28.01.2024 09:00 – 29.01.2024 09:00 (UTC+8)"),
    ],
)
def test_a_span_names_the_day_once_and_no_minute_twice(last, language, text):
    with translation.override(language):
        assert span_text(datetime(2024, 1, 28, 1, tzinfo=UTC), last, SHENYANG) == text
