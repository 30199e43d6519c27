"""What the importing commands share."""

from django.core.management.base import CommandError

from fairs.models import Fair


def find_fair(slug: str) -> Fair:
    """The fair, or a CommandError that names those that exist."""
    found = Fair.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Fair.objects.values_list("slug", flat=True)) or "none yet (import_fair makes one)"
        raise CommandError(f"There is no fair “{slug}”. There are: {known}.")
    return found
