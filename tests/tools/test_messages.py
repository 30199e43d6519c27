"""What the check of the message files sees."""

import polib
import pytest

from tools import messages


def test_no_message_hides_in_an_f_string() -> None:
    assert list(messages._hidden()) == []


def test_a_message_in_an_f_string_is_found(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "fairs").mkdir()
    (tmp_path / "fairs" / "hall.py").write_text("first = _('hall')\nplace = f\"{_('row')} 3\"\n", encoding="utf-8")
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "APPS", ("fairs",))
    assert list(messages._hidden()) == ["fairs/hall.py:2"]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="hall", msgstr="зал"), ""),
        (polib.POEntry(msgid="hall"), "missing"),
        (polib.POEntry(msgid="hall", msgstr="зал", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="%(count)d of {most}", msgstr="%(count)d из {most}"), ""),
        (polib.POEntry(msgid="%(count)d of {most}", msgstr="%(count)s из {most}"), "other placeholders"),
        (polib.POEntry(msgid="U+{point:X}", msgstr="U+{point}"), "other placeholders"),
        (
            polib.POEntry(msgid="%(n)d hall", msgid_plural="%(n)d halls", msgstr_plural={0: "%(n)d зал", 1: "%(m)d зала"}),
            "other placeholders",
        ),
    ],
)
def test_each_fault_of_a_translation_is_named(entry: polib.POEntry, problem: str) -> None:
    found = messages._problems(entry)
    assert [text.split(":")[0] for text in found] == ([problem] if problem else [])
