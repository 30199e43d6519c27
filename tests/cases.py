"""Cases of one rule that share their world: it is built once, and what one case does is undone before the next comes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

import clock
from notifications import own_texts


@contextmanager
def case(name: object) -> Iterator[None]:
    """Names the case in a failure, and undoes what it did. What it leaves for the commit never runs: capture that within."""
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    except BaseException as error:
        error.add_note(f"in the case {name}")
        raise
    clock.forget()
    own_texts.forget()
