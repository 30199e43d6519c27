"""Examples of the API's description: each app keeps its own in ``<app>/api/examples``, by operation id, and api/schema.py shows them.

A test refuses an operation without one, and an example that its own schema would refuse.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any, NamedTuple


class Example(NamedTuple):
    """What one operation takes and what it answers; None where it has no body."""

    request: Any = None
    response: Any = None


def page(*rows: Any) -> dict[str, Any]:
    """A list's answer that has all its rows on one page."""
    return {"count": len(rows), "next": None, "previous": None, "results": [*rows]}


def example_of(view: Any, operation_id: str) -> Example:
    """The example of an operation of ``view``, from the app that the view belongs to."""
    app = type(view).__module__.partition(".")[0]
    name = "api.examples" if app == "api" else f"{app}.api.examples"
    if not _exists(name):
        return Example()
    found: dict[str, Example] = import_module(name).EXAMPLES
    return found.get(operation_id, Example())


def _exists(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ModuleNotFoundError:  # an app without api
        return False


EXAMPLES = {
    "api_root": Example(response={"name": "Yarmarka", "docs": "/api/v1/docs/", "schema": "/api/v1/schema/"}),
}
