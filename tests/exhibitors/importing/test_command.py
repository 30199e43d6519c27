"""The command: what it says, and that it fails with every error."""

import pytest
from django.core.management import CommandError, call_command

from exhibitors.models import Company
from tests.exhibitors.importing.conftest import csv_of, line

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def table(tmp_path):
    def write(*lines):
        file = tmp_path / "companies.csv"
        file.write_bytes(csv_of(*lines).getvalue())
        return str(file)

    return write


def test_it_counts(fair, table, capsys):
    file = table(line(1), line(2))

    call_command("import_companies", file, "--fair", fair.slug, "--dry-run")
    assert Company.objects.count() == 0
    call_command("import_companies", file, "--fair", fair.slug)
    call_command("import_companies", file, "--fair", fair.slug)

    assert capsys.readouterr().out.splitlines() == [
        "companies (checked only): 2 new, 0 changed, 0 unchanged",
        "companies (imported): 2 new, 0 changed, 0 unchanged",
        "companies (imported): 0 new, 0 changed, 2 unchanged",
    ]


def test_it_fails_with_rows_and_columns(fair, table):
    with pytest.raises(CommandError) as failure:
        call_command("import_companies", table(line(1, region="RU-XXX"), line(2, status="odd")), "--fair", fair.slug)

    assert "row 2, column region" in str(failure.value)
    assert "row 3, column status" in str(failure.value)


def test_it_names_the_fairs_there_are(fair, table):
    with pytest.raises(CommandError, match="spring"):
        call_command("import_companies", table(line(1)), "--fair", "autumn")


def test_it_says_which_encoding_it_assumed(fair, tmp_path, capsys):
    file = tmp_path / "companies.csv"
    plain = line(1, legal_name="ООО Рассвет", name_zh="")
    file.write_bytes(csv_of(plain).getvalue().decode().encode("koi8_r"))

    call_command("import_companies", str(file), "--fair", fair.slug)

    assert "companies.csv is not UTF-8: it was read as koi8_r." in capsys.readouterr().out
    assert Company.objects.get().name_ru == "Рассвет 1"
