"""A fair's own questions over the API: asked where they concern, answered in their types, required at submission, described."""

import pytest
from jsonschema import Draft202012Validator

from exhibitors.enums import ApplicationStatus, CompanyRole, QuestionType
from exhibitors.models import Answer, Question
from tests.exhibitors.pictures import picture, upload
from tests.exhibitors.world import application_in, site_of
from tests.factories.exhibitors import CompanyMemberFactory, DocumentRequirementFactory, PavilionFactory, QuestionFactory
from tests.factories.fairs import DeadlineFactory
from tests.roles.operations import described

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_no_letters")]

S, T = ApplicationStatus, QuestionType


@pytest.fixture
def application():
    return application_in(S.DRAFT)


@pytest.fixture
def ask(application):
    return lambda code, type=T.TEXT, **fields: QuestionFactory(fair=application.fair, code=code, type=type, **fields)


@pytest.fixture
def base(application):
    return f"/api/v1/fairs/{application.fair.slug}/applications/{application.pk}/"


@pytest.fixture
def editor(signed_in, application):
    return signed_in(CompanyMemberFactory(company=application.company, role=CompanyRole.EDITOR).user)


@pytest.fixture
def answer(editor, base):
    def answer(sites=None, **answers):
        body = {"answers": {code.replace("_", "-"): value for code, value in answers.items()}}
        if sites is not None:
            body["sites"] = sites
        return editor.patch(base, body, headers={"If-Match": editor.get(base)["ETag"]})

    return answer


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]


@pytest.mark.parametrize(
    ("fields", "given", "kept"),
    [
        ({"type": T.TEXT}, "  two   words ", "two words"),
        ({"type": T.LONG_TEXT}, "one\ntwo ", "one\ntwo"),
        ({"type": T.CHOICE, "options": ["sea", "rail"]}, "rail", "rail"),
        ({"type": T.SEVERAL, "options": ["sea", "rail"]}, ["rail", "sea", "sea"][:2], ["sea", "rail"]),
        ({"type": T.NUMBER, "min_value": 0}, 5, 5),
        ({"type": T.NUMBER}, 2.5, 2.5),
        ({"type": T.DATE}, "2030-05-01", "2030-05-01"),
        ({"type": T.YES_NO}, False, False),
    ],
)
def test_an_answer_is_kept_in_its_type_and_taken_away_by_null(ask, answer, editor, base, fields, given, kept):
    ask("q", **fields)
    written = answer(q=given)
    assert written.status_code == 200, written.content
    assert written.json()["answers"] == {"q": kept}
    assert Answer.objects.get().value == kept
    assert editor.get(base)["ETag"] == written["ETag"]
    assert "answers" not in editor.get(base.rsplit("/", 2)[0] + "/").json()["results"][0]
    assert answer(q=None).json()["answers"] == {}
    assert not Answer.objects.exists()


@pytest.mark.parametrize(
    ("fields", "given", "code"),
    [
        ({"type": T.TEXT}, 5, "invalid"),
        ({"type": T.TEXT, "max_length": 3}, "four", "max_length"),
        ({"type": T.LONG_TEXT}, "x" * 4001, "max_length"),
        ({"type": T.CHOICE, "options": ["sea"]}, "air", "invalid_choice"),
        ({"type": T.CHOICE, "options": ["sea"]}, ["sea"], "invalid_choice"),
        ({"type": T.SEVERAL, "options": ["sea"]}, "sea", "invalid"),
        ({"type": T.SEVERAL, "options": ["sea"]}, [["sea"]], "invalid_choice"),
        ({"type": T.NUMBER}, True, "invalid"),
        ({"type": T.NUMBER}, "5", "invalid"),
        ({"type": T.NUMBER}, 10**29, "invalid"),
        ({"type": T.NUMBER}, 1e300, "invalid"),
        ({"type": T.NUMBER, "min_value": 1}, 0, "min_value"),
        ({"type": T.NUMBER, "max_value": 1}, 2, "max_value"),
        ({"type": T.DATE}, "2030-13-01", "invalid"),
        ({"type": T.DATE}, "9999-12-31", "invalid"),
        ({"type": T.DATE}, 20300501, "invalid"),
        ({"type": T.YES_NO}, 1, "invalid"),
        ({"type": T.FILE}, "sketch.pdf", "file_address"),
        ({"type": T.FILE}, {"name": "a", "size": 1}, "file_address"),
    ],
)
def test_what_is_wrong_with_an_answer_is_named(ask, answer, fields, given, code):
    ask("q", **fields)
    assert errors(answer(q=given)) == [("/answers/q", code)]
    assert not Answer.objects.exists()


def test_a_question_of_another_fair_and_a_retired_one_answer_like_an_unknown_one(ask, answer):
    QuestionFactory(code="foreign")
    ask("retired", active=False)
    for code in ("foreign", "retired", "unknown"):
        assert errors(answer(**{code: "x"})) == [(f"/answers/{code}", "unknown_question")]


def test_one_question_waits_for_the_answer_to_another(ask, answer):
    first = ask("has-fish", T.YES_NO)
    second = ask("species", T.CHOICE, options=["cod", "crab"], shown_if=first, shown_if_values=[True])
    ask("crab-from", shown_if=second, shown_if_values=["crab"])

    refusal = answer(species="cod")
    assert errors(refusal) == [("/answers/species", "not_asked")]
    assert refusal.json()["errors"][0]["detail"] == (
        f"This question is asked only where “{first}” is answered: yes. Change that answer, or leave this one out."
    )
    assert answer(has_fish=True, species="crab", crab_from="Kamchatka").status_code == 200
    # what nobody asks any more goes with the answer that it waited for
    assert answer(has_fish=False).json()["answers"] == {"has-fish": False}


def test_questions_concern_some_applicants_only(ask, answer, application):
    site = site_of(application.fair).slug
    ask("design", audience="raw_space")
    refusal = answer(design="x")
    assert errors(refusal) == [("/answers/design", "not_asked")]
    assert refusal.json()["errors"][0]["detail"] == "This question is for applicants for raw space only: leave the answer out."
    assert answer(sites=[{"site": site, "scheme": "raw"}], design="x").json()["answers"] == {"design": "x"}
    assert answer(sites=[{"site": site, "scheme": "shell"}]).json()["answers"] == {}


def test_required_questions_are_asked_for_at_submission_where_they_are_shown(ask, answer, editor, base):
    first = ask("has-fish", T.YES_NO, required=True)
    ask("species", required=True, shown_if=first, shown_if_values=[True])
    ask("design", required=True, audience="raw_space")
    ask("cold", T.YES_NO, required=True, audience="food")

    assert errors(editor.post(f"{base}submit/")) == [("/answers/has-fish", "required"), ("/answers/cold", "required")]
    answer(has_fish=True, cold=False)
    assert errors(editor.post(f"{base}submit/")) == [("/answers/species", "required")]
    answer(has_fish=False)
    assert editor.post(f"{base}submit/").status_code == 200


def test_a_file_answers_a_question_at_its_own_address(ask, answer, editor, base, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ask("sketch", T.FILE)
    address = f"{base}answers/sketch/"
    assert editor.get(address).status_code == 404
    sent = editor.post(address, {"file": upload(picture())}, format="multipart")
    assert sent.status_code == 201, sent.content
    body = sent.json()
    assert (body["question"], body["name"].rpartition(".")[2]) == ("sketch", "png")
    whole = editor.get(base)
    assert whole.json()["answers"] == {"sketch": {"name": body["name"], "size": body["size"]}}
    link = editor.get(address).json()["file_url"]
    loaded = editor.get(link[link.index("/api/") :])
    assert b"".join(loaded.streaming_content).startswith(b"\x89PNG")
    # what was read may be sent back; another file takes its place; null takes it away
    assert answer(sketch=whole.json()["answers"]["sketch"]).status_code == 200
    assert editor.post(address, {"file": upload(picture(size=(20, 20)))}, format="multipart").status_code == 201
    assert Answer.objects.count() == 1
    assert answer(sketch=None).json()["answers"] == {}
    assert editor.get(address).status_code == 404


def test_no_file_is_taken_where_none_is_asked_for(ask, editor, base, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ask("words")
    for code in ("words", "unknown"):
        refused = editor.post(f"{base}answers/{code}/", {"file": upload(picture())}, format="multipart")
        assert errors(refused) == [(f"/answers/{code}", "unknown_question")]


# --- the form as data


def test_the_form_is_described_in_the_readers_language(api, ask, application):
    fair = application.fair
    first = ask("has-fish", T.YES_NO, section="products", required=True)
    ask("species", T.CHOICE, section="products", options=["cod"], shown_if=first, shown_if_values=[True], help_en="Latin name")
    ask("retired", active=False)
    DeadlineFactory(fair=fair, code="exhibit_list")
    pavilion = PavilionFactory(fair=fair)

    form = api.get(f"/api/v1/fairs/{fair.slug}/application-form/", headers={"Accept-Language": "en"}).json()

    assert [section["code"] for section in form["sections"]] == [
        "company", "sites", "products", "services", "programme", "other", "co_exhibitors", "staff", "documents",
    ]  # fmt: skip
    assert form["pavilions"] == [{"slug": pavilion.slug, "name": "Pavilion"}]
    assert form["sites"][0]["first_day"] == "2030-05-01"
    products = form["sections"][2]
    assert [question["code"] for question in products["questions"]] == ["has-fish", "species"]
    assert products["questions"][1] == {
        "code": "species",
        "text": "Question?",
        "help": "Latin name",
        "type": "choice",
        "required": False,
        "concerns": "all",
        "max_length": None,
        "min": None,
        "max": None,
        "options": [{"code": "cod", "text": "Cod"}],
        "shown_if": {"question": "has-fish", "values": [True]},
    }
    fields = {field["name"]: field for section in form["sections"] for field in section["fields"]}
    assert fields["fascia_text"]["max_length"] == 20
    assert (fields["sites[].power_kw"]["unit"], fields["sites[].power_kw"]["max"]) == ("kW", 500)
    assert fields["products"]["open_until"] == "2030-04-01T23:59:59+08:00"
    assert {choice["code"] for choice in fields["products[].fate"]["choices"]} == {"sell", "taste", "return", "destroy"}


@pytest.mark.parametrize("language", ["en", "all"])
def test_the_form_is_as_the_description_says(api, ask, application, language):
    ask("species", T.CHOICE, options=["cod"])
    DeadlineFactory(fair=application.fair)
    PavilionFactory(fair=application.fair)
    form = {**described(), "$ref": "#/components/schemas/ApplicationForm"}
    answer = api.get(f"/api/v1/fairs/{application.fair.slug}/application-form/", {"lang": language}).json()
    assert [error.message for error in Draft202012Validator(form).iter_errors(answer)] == []


@pytest.mark.django_db(transaction=True)
def test_the_form_has_a_tag_that_moves_with_the_questions(api, ask, application):
    question = ask("q", T.CHOICE, options=["a"])
    address = f"/api/v1/fairs/{application.fair.slug}/application-form/"
    tag = api.get(address)["ETag"]
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 304
    option = question.options.get()
    option.text_en = "Other"
    option.save()
    assert api.get(address, headers={"If-None-Match": tag}).status_code == 200
    assert set(api.get(address, {"lang": "all"}).json()["sections"][0]["title"]) == {"ru", "zh-hans", "en"}


@pytest.mark.parametrize("count", [1, 3])
def test_the_form_costs_the_same_for_any_number_of_questions(api, ask, application, count, django_assert_num_queries):
    for number in range(count):
        ask(f"q-{number}", T.CHOICE, options=["a", "b"])
        DocumentRequirementFactory(fair=application.fair)
    api.get(f"/api/v1/fairs/{application.fair.slug}/application-form/")
    # fair with its revision, deadlines, questions, their options, sites, categories, pavilions, required documents and their categories
    with django_assert_num_queries(9):
        api.get(f"/api/v1/fairs/{application.fair.slug}/application-form/")
    assert Question.objects.count() == count
