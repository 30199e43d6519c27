"""A day of a month in Russian is one of it: 28 января, where Django says 28 Январь."""

MONTH_DAY_FORMAT = "j E"
