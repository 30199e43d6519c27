"""What the domain refuses, said in a form of the desk beside the field that it is about."""

from django import forms

from api.problems import Refused


class DomainForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose row the domain checks and writes. The table's constraints are left to it: it says in words what is wrong."""

    def _post_clean(self) -> None:
        self.instance.validate_constraints = lambda exclude=None: None  # type: ignore[method-assign]  # of this row alone
        super()._post_clean()  # type: ignore[misc]


def add_refusal(form: forms.BaseForm, refusal: Refused) -> None:
    """Each error beside its field, or on top where the form has no such field or has something to say of it already."""
    for error in refusal.facts.get("errors", [{"detail": str(refusal)}]):
        name = field_of(str(error.get("pointer", "")))
        form.add_error(name if name in form.fields else None, str(error["detail"]))


def field_of(pointer: str) -> str:
    """/tax_ids/inn is inn, /name/zh-hans is name_zh_hans, /temperature_c/max is temperature_max_c, /categories/0 is categories."""
    first, *rest = pointer.strip("/").split("/")
    match first, rest:
        case "tax_ids", [name, *_]:
            return name
        case "temperature_c", [end, *_]:
            return f"temperature_{end}_c"
        case (("name" | "brands" | "description"), [language, *_]):
            return f"{first}_{language.replace('-', '_')}"
        case "name", []:
            return "name_en"
    return first
