"""Marks of punctuation that differ between languages, for every template."""

from django import template

from api import text

register = template.Library()
register.simple_tag(text.colon, name="colon")
