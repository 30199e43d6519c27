"""Sites: what changes together with their days."""

from django.db import transaction

from fairs.models import OpeningHours, Site


@transaction.atomic
def save(site: Site) -> None:
    """Save a site that was checked. Opening hours outside its days go first: the database never lets them stand there."""
    if site.pk:
        Site.objects.select_for_update().get(pk=site.pk)
        there = OpeningHours.objects.filter(site=site.pk)
        (there.filter(day__lt=site.starts_on) | there.filter(day__gt=site.ends_on)).delete()
    site.save()
