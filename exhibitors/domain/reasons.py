"""A decision that the exhibitor must be able to understand has a reason."""

from api.problems import Invalid, field_error


class ReasonMissing(Invalid):
    """A decision that the exhibitor must be able to understand came without a reason."""

    code = "reason-missing"


def require_reason(text: str, *, pointer: str, detail: str) -> None:
    if not text.strip():
        raise ReasonMissing([field_error(pointer, "required", detail)])
