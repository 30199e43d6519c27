from types import SimpleNamespace

from django.contrib import admin

from api.desk_fields import drawn_once


class Page:
    asked = 0

    @admin.display(description="how often it was asked")
    @drawn_once
    def count(self, _row):
        self.asked += 1
        return self.asked


def test_a_field_is_worked_out_once_for_each_row():
    page, row, other = Page(), SimpleNamespace(), SimpleNamespace()

    assert [page.count(row), page.count(row), page.count(other), page.count(row)] == [1, 1, 2, 1]


def test_it_keeps_what_the_desk_reads_of_a_field():
    assert (Page.count.__name__, Page.count.short_description) == ("count", "how often it was asked")
