"""The shipped reference lists, and those of an organiser."""

import pytest
from django.core.management import CommandError, call_command

from exhibitors.models import ProductCategory, Region

pytestmark = pytest.mark.django_db


def test_the_shipped_lists_load_and_a_second_run_changes_nothing(capsys):
    call_command("load_reference")
    call_command("load_reference")

    assert Region.objects.filter(country="RU").count() == 83
    assert Region.objects.get(code="RU-SA").time_zones[0] == "Asia/Yakutsk"
    assert ProductCategory.objects.get(code="03").name_zh_hans == "鱼类和海鲜"
    regions, categories = capsys.readouterr().out.splitlines()[-2:]
    assert regions == f"regions: 0 new, 0 changed, {Region.objects.count()} unchanged"
    assert categories == f"product categories: 0 new, 0 changed, {ProductCategory.objects.count()} unchanged"


@pytest.mark.parametrize(
    "text",
    ["code,name_ru,name_zh\n01,a,b\n", "code,name_ru,name_zh,name_en\n01,a,,c\n", "code,name_ru,name_zh,name_en\n01,a,b,c\n01,a,b,c\n"],
)
def test_a_wrong_list_is_refused_as_a_whole(tmp_path, text):
    file = tmp_path / "categories.csv"
    file.write_text(text)

    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_reference", "--categories", str(file))
    assert not Region.objects.exists()
    assert not ProductCategory.objects.exists()
