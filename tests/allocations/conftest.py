"""What every test of allocations may ask for."""

import pytest


@pytest.fixture(autouse=True)
def _little_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """In halls of three to ten stands the search has found all there is after some rounds; a run for people takes 8,500 and more."""
    monkeypatch.setattr("allocations.engine.solve.usual_rounds", lambda _problem: 200)
