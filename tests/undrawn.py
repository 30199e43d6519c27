"""Pages whose context is what a test looks at: everything but the drawing, which costs most of a page of the desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from django.template import Context, RequestContext, Template
from django.test.signals import template_rendered


def _keep(template: Template, context: Context) -> str:
    if context.template is not template or not isinstance(context, RequestContext):  # a letter, or a part that is drawn by itself
        return template.nodelist.render(context)
    list(context.get("messages", ()))  # a page that shows them makes them go
    template_rendered.send(sender=template, template=template, context=context)
    return ""


@contextmanager
def undrawn() -> Iterator[None]:
    """``response.context`` is there, ``response.content`` is empty. That the page can be drawn is to be seen by another case."""
    with patch.object(Template, "_render", _keep):
        yield
