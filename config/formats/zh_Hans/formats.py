"""A day of a month in Chinese has no leading zero: 1月28日, where Django says 01月28日."""

MONTH_DAY_FORMAT = "n月j日"
