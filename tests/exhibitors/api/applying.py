"""What the tests of applications over the API share: addresses, and how a refusal is read."""


def url(fair, pk=None, step="") -> str:
    return f"/api/v1/fairs/{fair.slug}/applications/" + (f"{pk}/" if pk else "") + (f"{step}/" if step else "")


def errors(response) -> list[tuple[str, str]]:
    assert response.status_code == 400, response.content
    assert response["Content-Type"] == "application/problem+json"
    return [(error["pointer"], error["code"]) for error in response.json()["errors"]]
