"""Required documents from a fair's TOML: made, changed, left alone, or refused with the place."""

import pytest
from django.core.management import CommandError, call_command

from exhibitors.models import DocumentRequirement
from tests.factories.exhibitors import ProductCategoryFactory
from tests.factories.fairs import DeadlineFactory

pytestmark = pytest.mark.django_db
PLAN = """
[[documents]]
code = "labels"
deadline = "labels"
audience = "food"
categories = ["03"]
kinds = ["pdf"]
needs_expiry = true
valid_from = 2026-06-01
title_ru = "Макеты этикеток"
title_zh = "标签样稿"
title_en = "Label proofs"
"""


@pytest.fixture
def run(tmp_path, capsys):
    fair = DeadlineFactory(code="labels").fair
    ProductCategoryFactory()

    def load(plan: str, *more: str) -> str:
        file = tmp_path / "fair.toml"
        file.write_text(plan, encoding="utf-8")
        call_command("import_requirements", file, "--fair", fair.slug, *more)
        return capsys.readouterr().out

    return load


def test_a_requirement_is_made_and_changed_and_left_alone(run):
    assert "1 new" in run(PLAN)
    row = DocumentRequirement.objects.get()
    assert (row.code, row.deadline.code, row.title_zh_hans, row.kinds, row.needs_expiry) == ("labels", "labels", "标签样稿", ["pdf"], True)
    assert [category.code for category in row.categories.all()] == ["03"]
    assert "1 unchanged" in run(PLAN)
    assert "1 changed" in run(PLAN.replace('["pdf"]', '["png"]'))
    assert DocumentRequirement.objects.get().kinds == ["png"]


def test_a_dry_run_changes_nothing(run):
    assert "checked only" in run(PLAN, "--dry-run")
    assert not DocumentRequirement.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (('deadline = "labels"', 'deadline = "unknown"'), r"documents\[1\].*unknown"),
        (('["03"]', '["99"]'), r"documents\[1\].*99"),
        (("needs_expiry", "needs_expires"), r"documents\[1\].*needs_expires"),
        (('["pdf"]', '["svg"]'), r"documents\[1\]"),
        (('"food"', '"staff"'), r"documents\[1\]"),
        (("= 2026-06-01", "= "), "TOML|value"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(run, wrong, message):
    with pytest.raises(CommandError, match=message):
        run(PLAN.replace(*wrong))
    assert not DocumentRequirement.objects.exists()
