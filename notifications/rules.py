"""What spans tables in the outbox: a secret letter has no file.

The ground floor knows no triggers: fairs.apps makes them of these (fairs/triggers.py says what the words mean).
"""

from typing import Any

RULES: list[dict[str, Any]] = [
    {
        "name": "secret_letter_has_no_file",
        "table": "notifications_letterattachment",
        "violated": "EXISTS (SELECT 1 FROM notifications_letter l WHERE l.id = NEW.letter_id AND l.is_secret)",
        "columns": ("letter_id",),
        "locks": "notifications_letter WHERE id = NEW.letter_id",
    },
    {
        "name": "letter_with_file_is_not_secret",
        "table": "notifications_letter",
        "violated": "NEW.is_secret AND EXISTS (SELECT 1 FROM notifications_letterattachment a WHERE a.letter_id = NEW.id)",
        "columns": ("is_secret",),
        "on_insert": False,
    },
]
