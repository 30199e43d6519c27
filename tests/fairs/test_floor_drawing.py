"""What is written on a stand: as large as it may be, whole where it can be, and never out of its stand."""

import pytest
from django.utils import translation

from fairs import floor_labels
from fairs.floor_drawing import Sheet, draw
from fairs.floor_labels import ems

NAMES = [
    "Камышловская индейка",
    "ООО «Камчатская рыбопромышленная компания имени адмирала Невельского»",
    "梅福季农家奶酪",
    "Nordic–Baltic Timber and Furniture Export Association of the Far East",
    "Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "",
]
SIZES = [(30.0, 30.0), (60.0, 30.0), (30.0, 60.0), (200.0, 20.0), (12.0, 12.0), (8.0, 80.0)]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("width", "height"), SIZES)
@pytest.mark.parametrize("number", ["A-1", "12", "HALL-7-B-0123"])
def test_a_label_stays_within_its_stand(number, name, width, height):
    label = floor_labels.fit(number, name, width, height, most=8, least=2.5)
    across, along = (height, width) if label.is_turned else (width, height)
    assert label.lines[0].text == number
    for line in label.lines:
        assert ems(line.text) * line.size <= across * 1.001
        assert -along / 2 <= line.baseline - 0.75 * line.size
        assert line.baseline <= along / 2
    assert all(line.size >= 2.5 for line in label.lines[1:])


def test_a_name_that_does_not_fit_is_cut_and_says_so():
    label = floor_labels.fit("A-1", NAMES[1], 22, 22, most=8, least=2.5)
    assert label.lines[-1].text.endswith("…")
    assert not floor_labels.fit("A-1", NAMES[0], 60, 40, most=8, least=2.5).lines[-1].text.endswith("…")


def test_a_narrow_stand_is_read_with_a_turned_head():
    assert floor_labels.fit("B2-14", "", 12, 60, most=8, least=2).is_turned
    assert not floor_labels.fit("B2-14", "", 30, 30, most=8, least=2).is_turned


def test_the_label_of_an_angled_stand_is_on_the_stand():
    box = floor_labels.box_of([[0, 0], [6, 0], [6, 2], [2, 2], [2, 6], [0, 6]])
    assert box.x > box.width / 2
    assert box.y > box.height / 2
    assert box.x + box.width / 2 <= 2 or box.y + box.height / 2 <= 2


def test_quotation_marks_are_narrow_outside_chinese_though_a_chinese_font_is_the_only_one():
    sheet = Sheet("Hall", "", [[0, 0], [6, 0], [6, 6], [0, 6]], [], [])
    for language, is_narrow in (("en", True), ("ru", True), ("zh-hans", False)):
        with translation.override(language):
            assert (b"'pwid'" in draw(sheet)) == is_narrow
    assert draw(sheet).index(b"Arial") < draw(sheet).index(b"Noto Sans CJK SC")
