"""Schemathesis, every check, on every operation, as an exhibitor and as an organiser. `make fuzz` takes ten times as many examples.

Most stand on seeds, so that the checks see answers and what is made up meets more than "not found". What each check lets pass is in
schemathesis.toml and nowhere else. Each example is undone.
"""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.db import transaction
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.transport.serialization import Binary

from config.wsgi import application
from tests.fuzz.seeds import FORM, PERSONAS, Seeds, is_let_in
from tests.roles.operations import Operation, described, operations

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

# What of an example is seeded: address, body and all; address and body; the address alone, before what fits the description and what
# does not; nothing.
KINDS = ("seeded", "seeded body", "good", "bad", "good anywhere", "bad anywhere")
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
LEAST_SUCCESS = 0.10
_FOLDER = Path(__file__).parent
# The whole description is made once a process; the operations are named in each test's id.
_OPERATIONS = {operation.name: operation for operation in operations(with_body_only=False)}


@schemathesis.serializer("message/rfc822")
def _as_it_is(_context: Any, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


@pytest.fixture(scope="session")
def api() -> Any:
    config = SchemathesisConfig.from_path(str(_FOLDER / "schemathesis.toml"))
    loaded = schemathesis.openapi.from_dict(described(), config=config)
    loaded.app = _read_to_the_end
    return loaded


@pytest.mark.parametrize("caller", PERSONAS)
@pytest.mark.parametrize("name", _OPERATIONS)
def test_an_operation(api: Any, seeds: Seeds, name: str, caller: str) -> None:
    operation = _OPERATIONS[name]
    target = api[f"/api/v1/{operation.path}"][operation.method]
    answered: Counter[int] = Counter()
    good, bad = (target.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

    @hypothesis.settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=not os.environ.get("FUZZ_SEED"),
        suppress_health_check=list(hypothesis.HealthCheck), phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    @hypothesis.given(data=st.data())
    def run(data: Any) -> None:
        kind = data.draw(st.sampled_from(KINDS))
        case = data.draw(bad if kind.startswith("bad") else good)
        is_seeded_form = kind == "seeded" and operation.kinds == [FORM]  # what was drawn is not sent
        hypothesis.assume(is_seeded_form or not _leaves_no_trace(case))
        with transaction.atomic():
            if is_seeded_form:  # Schemathesis would call a file that it has not drawn wrong
                body = seeds.form(operation, Binary)
                case = target.Case(path_parameters=seeds.path_parameters(operation, caller), body=body, media_type=FORM)
            elif not kind.endswith("anywhere"):
                _stand_on_seeds(case, operation, seeds, caller, kind)
            if kind == "seeded":
                case.query = data.draw(st.sampled_from([{}, {"lang": "all"}]))
            case.headers.pop("X-Session-Token", None)  # a made-up one is tried by the check ignored_auth
            response = case.call_and_validate(headers={"X-Session-Token": seeds.tokens[caller]})
            answered[response.status_code] += 1
            transaction.set_rollback(True)

    run()
    if is_let_in(operation, caller):
        share = sum(count for status, count in answered.items() if 200 <= status < 300) / answered.total()
        assert share >= LEAST_SUCCESS, f"only {share:.0%} succeeded: {dict(answered)}; see tests/fuzz/seeds.py"


def _leaves_no_trace(case: Any) -> bool:
    """An empty list among a form's parts is not sent: what it makes wrong in the description is right on the wire."""
    return case.media_type == FORM and isinstance(case.body, dict) and [] in case.body.values()


def _stand_on_seeds(case: Any, operation: Operation, seeds: Seeds, caller: str, kind: str) -> None:
    """An address that exists; of the seeded kinds also a body that is taken, and of the first nothing else."""
    if not case.meta.is_negative_at(ParameterLocation.PATH):
        case.path_parameters = seeds.path_parameters(operation, caller)
    if "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    body = seeds.body(operation, caller) if kind.startswith("seeded") else None
    if body is not None:
        case.body = body
        case.media_type = case.media_type or "application/json"
    if kind == "seeded":
        for name in ("Idempotency-Key", "If-None-Match"):
            case.headers.pop(name, None)


def _read_to_the_end(environ: Any, start_response: Any) -> list[bytes]:
    """The product; Schemathesis drops a streamed answer without closing it, and the file with it."""
    answer = application(environ, start_response)
    try:
        return [b"".join(answer)]
    finally:
        answer.close()
