"""A row's columns checked by their own rules, each error with the pointer of the API's field."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model

from api.languages import COLUMNS
from api.problems import field_error
from api.text import sentences

_LANGUAGES = {column: language for language, column in COLUMNS.items()}
_TAX_IDS = ("inn", "ogrn", "kpp", "uscc")


def check_columns(row: Model) -> list[dict[str, Any]]:
    """What is wrong with single columns (validators, longest length, choices); relations and constraints are left to the caller."""
    names = {field.name for field in row._meta.fields}
    # A translated text is checked in its three columns, not once more under its own name.
    skipped = {field.name for field in row._meta.fields if field.is_relation or f"{field.name}_en" in names}
    try:
        row.clean_fields(exclude=skipped)
    except ValidationError as error:
        return [
            field_error(pointer_of(name), found.code or "invalid", sentences(*found.messages))
            for name, errors in error.error_dict.items()
            for found in errors
        ]
    return []


def pointer_of(column: str) -> str:
    """``/name/zh-hans`` for the column name_zh_hans, ``/tax_ids/inn`` for inn."""
    if column in _TAX_IDS:
        return f"/tax_ids/{column}"
    for ending, language in _LANGUAGES.items():
        if column.endswith(f"_{ending}"):
            return f"/{column.removesuffix(f'_{ending}')}/{language}"
    return f"/{column}"
