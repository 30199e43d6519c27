"""A fair's questions and pavilions from TOML: made, changed, left alone, all or nothing, or refused with the place."""

import pytest
from django.core.management import CommandError, call_command

from exhibitors.models import Pavilion, Question
from tests.factories.exhibitors import ApplicationFactory, RegionFactory
from tests.factories.fairs import FairFactory

pytestmark = pytest.mark.django_db
PLAN = """
[[pavilions]]
slug = "primorye"
name_ru = "Павильон Приморья"
region = "RU-PRI"

[[questions]]
code = "transport"
section = "services"
type = "choice"
text_ru = "Как поедет товар?"
options = [{ code = "sea", text_ru = "Морем" }, { code = "rail", text_zh = "铁路" }]

[[questions]]
code = "port"
type = "text"
required = true
shown_if = "transport"
shown_if_values = ["sea"]
text_en = "Which port?"
"""


@pytest.fixture
def fair():
    return FairFactory()


@pytest.fixture
def run(fair, tmp_path, capsys):
    RegionFactory()

    def load(plan: str, *more: str) -> str:
        file = tmp_path / "form.toml"
        file.write_text(plan, encoding="utf-8")
        call_command("import_form", file, "--fair", fair.slug, *more)
        return capsys.readouterr().out

    return load


def test_the_criteria_of_the_review_are_known_again_by_their_name(run, fair):
    plan = '[[criteria]]\nname_ru = "Товар"\nname_zh = "产品"\nweight = 2\n'
    assert "1 new" in run(plan)
    assert "0 new, 1 changed" in run(plan.replace("2", "3"))
    criterion = fair.review_criteria.get()
    assert (criterion.name_ru, criterion.name_zh_hans, criterion.weight) == ("Товар", "产品", 3)
    with pytest.raises(CommandError, match=r"criteria\[1\]\.weight"):
        run(plan.replace("2", "0"))


def test_a_plan_is_made_in_its_order_and_twice_changes_nothing(run, fair):
    assert "5 new" in run(PLAN)
    transport, port = fair.questions.order_by("position")
    assert [(one.code, one.text_ru or one.text_zh_hans) for one in transport.options.all()] == [("sea", "Морем"), ("rail", "铁路")]
    assert (port.shown_if, port.shown_if_values, port.required, port.text_en) == (transport, ["sea"], True, "Which port?")
    assert fair.pavilions.get().region.code == "RU-PRI"
    assert "0 new, 0 changed, 5 unchanged" in run(PLAN)
    assert "0 new, 1 changed, 4 unchanged" in run(PLAN.replace("Which port?", "Which port, please?"))


def test_what_the_plan_leaves_out_stays(run, fair):
    run(PLAN)
    assert "1 changed" in run('[[questions]]\ncode = "transport"\nrequired = true\n')
    assert fair.questions.count() == 2
    assert fair.questions.get(code="transport").text_ru == "Как поедет товар?"


def test_a_dry_run_changes_nothing(run):
    assert "checked only" in run(PLAN, "--dry-run")
    assert not Question.objects.exists()


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ('region = "RU-PRI"', 'region = "RU-XXX"', r"pavilions\[1\]\.region: .*RU-XXX"),
        ('slug = "primorye"', 'slug = "Приморье!"', r"pavilions\[1\]\.slug"),
        ('name_ru = "Павильон Приморья"', "", r"pavilions\[1\]\.name_ru: .*one language"),
        ('type = "choice"', 'type = "choices"', r"questions\[1\]\.type"),
        ('section = "services"', 'sektion = "services"', r"questions\[1\]\.sektion: .*not known"),
        ('text_ru = "Как поедет товар?"', "", r"questions\[1\]\.text_ru: .*one language"),
        ('options = [{ code = "sea"', 'options = [{ kode = "sea"', r"questions\[1\]\.options\[1\]\.kode"),
        ('text_zh = "铁路"', 'text_zh = ""', r"questions\[1\]\.options\[2\]\.text_ru: .*one language"),
        ('options = [{ code = "sea", text_ru = "Морем" }, { code = "rail", text_zh = "铁路" }]', "", r"questions\[1\]\.options: .*options"),
        ("options = [", "options = [5, ", r"questions\[1\]\.options\[1\]: .*list of tables"),
        ('shown_if = "transport"', 'shown_if = "later"', r"questions\[2\]\.shown_if: .*earlier question"),
        ('shown_if = "transport"', "", r"questions\[2\]\.shown_if: .*earlier question"),
        ('["sea"]', '["ship"]', r'questions\[2\]\.shown_if_values: .*"sea", "rail"'),
        ('["sea"]', "[]", r"questions\[2\]\.shown_if_values"),
        ('["sea"]', '"sea"', r"questions\[2\]\.shown_if_values"),
        ("required = true", 'required = "perhaps"', r"questions\[2\]\.required"),
        ('code = "port"', 'code = ""', r"questions\[2\]\.code"),
        ("[[pavilions]]", "[pavilions]", "pavilions: .*list of tables"),
        ("[[pavilions]]", "[[pavillions]]", "pavillions: .*not known"),
        ("required = true", "required = ", "line|Invalid"),
    ],
)
def test_what_is_wrong_is_named_with_its_place_and_nothing_is_loaded(run, right, wrong, message):
    assert right in PLAN
    with pytest.raises(CommandError, match=message):
        run(PLAN.replace(right, wrong, 1))
    assert not Question.objects.exists()
    assert not Pavilion.objects.exists()


def test_a_question_with_answers_keeps_its_kind(run, fair):
    run(PLAN)
    question = fair.questions.get(code="port")
    ApplicationFactory(fair=fair).answers.create(question=question, value="Dalian", answered_at=fair.applications_open_at)
    with pytest.raises(CommandError, match=r"questions\[2\]\.type: .*answers already"):
        run(PLAN.replace('type = "text"', 'type = "number"'))


def test_a_file_that_is_not_there_and_one_that_is_no_text_are_named(fair, tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_form", tmp_path / "none.toml", "--fair", fair.slug)
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match=r"bytes\.toml"):
        call_command("import_form", tmp_path / "bytes.toml", "--fair", fair.slug)
