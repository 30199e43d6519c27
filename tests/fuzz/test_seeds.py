"""Each operation succeeds on its seeds for whoever it lets in: what the fuzzing proves hangs on answers, not only on refusals."""

import pytest
from django.db import transaction
from django.test import Client
from django.test.client import MULTIPART_CONTENT

from tests.fuzz.seeds import FORM, PERSONAS, Seeds, is_let_in
from tests.roles.operations import operations
from tests.uploaded import upload

pytestmark = [pytest.mark.fuzz, pytest.mark.django_db]

_ASKED = [
    pytest.param(operation, caller, id=f"{operation.name}-{caller}")
    for operation in operations(with_body_only=False)
    for caller in PERSONAS
    if is_let_in(operation, caller)
]


@pytest.mark.parametrize(("operation", "caller"), _ASKED)
def test_an_operation_succeeds_on_its_seeds(seeds: Seeds, operation, caller) -> None:
    client = Client(raise_request_exception=False, headers={"X-Session-Token": seeds.tokens[caller]})
    with transaction.atomic():
        ask = getattr(client, operation.method.lower())
        url, body = seeds.url(operation, caller), seeds.body(operation, caller)
        if operation.kinds == [FORM]:
            answer = ask(url, seeds.form(operation, upload), content_type=MULTIPART_CONTENT)
        elif body is None:
            answer = ask(url, headers={"If-Match": "*"})
        else:
            answer = ask(url, body, content_type="application/json", headers={"If-Match": "*"})
        told = b"".join(answer)
        transaction.set_rollback(True)
    assert 200 <= answer.status_code < 300, f"{answer.status_code} {told!r} {url} {body}"
