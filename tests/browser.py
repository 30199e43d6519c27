"""What a browser would post from a page that it shows: every field of a form as it stands there."""

from html.parser import HTMLParser
from typing import Any


class _Fields(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id = form_id
        self.is_inside = False
        self.found: dict[str, Any] = {}
        self.select: str | None = None
        self.area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.is_inside = given.get("id") == self.form_id
        if not self.is_inside:
            return
        name = given.get("name", "")
        if tag == "select":
            self.select = name
        elif tag == "option" and "selected" in given and self.select:
            self.found.setdefault(self.select, []).append(given.get("value", ""))
        elif tag == "textarea":
            self.area, self.found[name] = name, [""]
        elif tag == "input" and name and given.get("type") not in ("submit", "file", "button"):
            is_box = given.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in given:
                self.found.setdefault(name, []).append(given.get("value", "on" if is_box else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_inside = False
        elif tag == "textarea":
            self.area = None
        elif tag == "select":
            self.select = None

    def handle_data(self, data: str) -> None:
        if self.area is not None and self.is_inside:
            value = self.found[self.area][0] + data
            self.found[self.area] = [value.removeprefix("\n") if not self.found[self.area][0] else value]


def fields_of(response: Any, form_id: str) -> dict[str, list[str]]:
    """The fields of the form ``form_id`` ("application_form") of a page."""
    reader = _Fields(form_id)
    reader.feed(response.content.decode())
    return reader.found


class _Forms(HTMLParser):
    depth = deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag == "form"
        self.deepest = max(self.deepest, self.depth)

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag == "form"


def depth_of_forms(response: Any) -> int:
    """1 where no form stands within another: a browser passes over the inner ones, and their buttons post to the outer."""
    forms = _Forms()
    forms.feed(response.content.decode())
    return forms.deepest
