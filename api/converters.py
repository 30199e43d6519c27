"""What an id looks like in an address: a number that the database can hold; anything else is an unknown address (404)."""

from django.urls import register_converter
from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    regex = "[0-9]{1,18}"


register_converter(IdConverter, "id")
