from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from exhibitors.importing import reference
from fairs.tables import TableError


class Command(BaseCommand):
    help = "Load the lists of regions and product categories, those shipped with Yarmarka or your own. A second run changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--regions", type=Path, default=reference.SHIPPED / "regions.csv")
        parser.add_argument("--categories", type=Path, default=reference.SHIPPED / "categories.csv")

    def handle(self, *args: Any, regions: Path, categories: Path, **options: Any) -> None:
        current = regions
        try:
            with transaction.atomic():
                of_regions = reference.load_regions(regions)
                current = categories
                of_categories = reference.load_categories(categories)
        except OSError as error:
            raise CommandError(f"{current}: {error.strerror}") from error
        except TableError as error:
            raise CommandError(f"{current}: nothing was loaded.\n{error}") from error
        self.stdout.write(self.style.SUCCESS(f"regions: {of_regions}\nproduct categories: {of_categories}"))
