"""The printed programme, looked at: there is ink where the text is, in all three scripts, and nothing runs off a page."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from rest_framework.test import APIClient

from conferences.exports.pdf import shortened, side_by_side
from conferences.exports.printing import settable, use_font
from conferences.exports.published import programme_of
from conferences.models import Session
from tests.conferences.exports.world import World, hide_something, name_hosts, release
from tests.factories.conferences import RoomFactory, SessionFactory, at

DARK = 110  # of 255


@contextmanager
def opened(content: bytes) -> Iterator[pypdfium2.PdfDocument]:
    document = pypdfium2.PdfDocument(content)
    try:
        yield document
    finally:
        document.close()


def text_of(content: bytes) -> str:
    with opened(content) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def pdf(api: APIClient, world: World, language: str = "en") -> bytes:
    answer = api.get(world.url("schedule.pdf"), {"lang": language})
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return answer.content


def inks(page: Any, word: str) -> list[float]:
    """How much of the box around each letter of ``word`` is dark, where it stands first on the page."""
    text = page.get_textpage()
    found = text.search(word).get_next()
    assert found, word
    picture = page.render(scale=4, grayscale=True).to_pil()
    shares = []
    for index in range(found[0], found[0] + found[1]):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        box = picture.crop((int(left * 4), int((page.get_height() - top) * 4), int(right * 4) + 1, int((page.get_height() - bottom) * 4)))
        pixels = box.tobytes()
        shares.append(sum(pixel < DARK for pixel in pixels) / len(pixels))
    return shares


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Conference", "Opening", "Banquet"]),
        ("ru", ["Конференция", "Холодовая", "Русский"]),
        ("zh-hans", ["大会", "冷链", "大厅"]),
    ],
)
def test_every_letter_leaves_ink(api: APIClient, world: World, language: str, words: list[str]) -> None:
    with opened(pdf(api, world, language)) as document:
        for word in words:
            shares = inks(document[0], word)
            assert min(shares) > 0.03, (word, shares)  # a letter that is not drawn leaves nothing
            assert max(shares) < 0.7, (word, shares)  # and none is a black box
        assert document[0].get_size() == pytest.approx((841.9, 595.3), abs=0.1)


def test_a_break_has_no_language(api: APIClient, world: World) -> None:
    SessionFactory(conference=world.conference, kind="break", title_en="Elevenses", abstract_en="", language="ru", interpretation=[])
    said = text_of(pdf(api, world)).replace("\r\n", "\n")
    assert [line for line in said.split("Elevenses")[-1].splitlines()[1:2] if "Russian" in line] == []
    assert "Russian" in said  # of the others


def test_no_ink_is_found_where_nothing_stands(api: APIClient, world: World) -> None:
    with opened(pdf(api, world)) as document:
        picture = document[0].render(scale=2, grayscale=True).to_pil()
        margin = picture.crop((0, 0, picture.width, 20))
        assert min(margin.tobytes()) == 255


def test_days_rooms_and_people(api: APIClient, world: World) -> None:
    hide_something(world)
    found = text_of(pdf(api, world))
    days = ("Wednesday, 1 May 2030", "2 May 2030", "3 May 2030")
    for text in (*days, "Hall & Garden", "room not fixed yet", "Food <and> drink", "22:00–02:00"):
        assert text in found, text
    assert 'Moderator: Vera "V" O\'Hara & Co, Director, Grain <Meridian>' in found
    assert "English, interpreted into Chinese" in found
    assert "Zzsecret" not in found


def test_hosts_and_languages(api: APIClient, world: World) -> None:
    name_hosts(world)
    found = text_of(pdf(api, world))
    assert "English, Russian, interpreted into Chinese" in found
    assert "Host company: Taiga Honey & Co" in found
    assert "Not Yet" not in found
    assert "Английский, русский, с переводом на китайский" in text_of(pdf(api, world, "ru"))


def test_what_each_version_changed(api: APIClient, world: World) -> None:
    assert "What has changed" not in text_of(pdf(api, world))
    secret = hide_something(world)
    Session.objects.exclude(pk=secret.pk).update(draft_room=None)
    release(world.conference, moved=1)
    found = " ".join(text_of(pdf(api, world)).split())
    assert "Version 2 of 2 Mar 2030, 12:00 (Beijing)" in found
    told = found.partition("What has changed")[2]
    assert "Version 2 of 2 Mar 2030, 12:00 The hall is <late>" in told
    assert "“Opening” has moved: now" in told.replace('"Opening"', "“Opening”")
    assert "Zzsecret" not in found
    assert "Version 1" not in told  # the programme itself
    assert "Что изменилось" in text_of(pdf(api, world, "ru"))


def test_the_same_programme_gives_the_same_bytes(api: APIClient, world: World) -> None:
    first = api.get(world.url("schedule.pdf"))
    assert api.get(world.url("schedule.pdf")).content == first.content
    assert first["Content-Disposition"] == 'inline; filename="shen-2030-en.pdf"'


def test_many_rooms_long_texts_and_crowded_hours(api: APIClient, world: World) -> None:
    conference = world.conference
    for number in range(8):
        SessionFactory(conference=conference, room=RoomFactory(conference=conference), title_en=f"Room {number} " + "word " * 40)
    room = RoomFactory(conference=conference)
    for number in range(12):
        SessionFactory(
            conference=conference, room=room, draft_room=None, title_en="Разноязыкоедлинноеслово" * 10, abstract_en="很长的简介" * 780,
            starts_at=at(conference, 10), ends_at=at(conference, 10) + timedelta(minutes=5 + number),
        )  # fmt: skip
    with opened(pdf(api, world)) as document:
        for page in document:
            picture = page.render(scale=1, grayscale=True).to_pil()
            edges = [(0, 0, 20, picture.height), (picture.width - 20, 0, picture.width, picture.height)]
            assert all(min(picture.crop(edge).tobytes()) == 255 for edge in edges)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("5 ₽", "5 руб."), ("Київ", "Киïв"), ("naïve 中文 Ё", "naïve 中文 Ё"), ("🐟", "□"), ("a\u200bb\u202ec\u0007", "abc")],
)
def test_what_the_font_lacks(text: str, shown: str) -> None:
    assert settable(text) == shown


def test_sessions_that_overlap_stand_side_by_side(world: World) -> None:
    conference = world.conference
    Session.objects.all().delete()
    for starts, ends in ((9, 12), (9, 10), (10, 11), (12, 13)):
        SessionFactory(conference=conference, starts_at=at(conference, starts), ends_at=at(conference, ends))
    found = side_by_side(programme_of(conference, language="en").entries)
    assert [(f"{entry.starts_at:%H}-{entry.ends_at:%H}", lane, lanes) for entry, lane, lanes in found] == [
        ("09-10", 0, 2), ("09-12", 1, 2), ("10-11", 0, 2), ("12-13", 0, 1),
    ]  # fmt: skip


def test_a_text_is_cut_short() -> None:
    use_font()
    assert shortened("short", 5, 100) == "short"
    assert shortened("a long title that does not fit", 5, 30).endswith("…")
    assert shortened("anything", 5, 0) == "…"
