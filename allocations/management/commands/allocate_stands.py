import threading
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import translation

import clock
from allocations.domain import run_work, runs, take_over
from allocations.domain.inputs import POSSIBLE_STATUSES, USUAL_STATUSES
from allocations.domain.lines import by_name, changes_of, lines_of
from allocations.domain.reasons import problem_text, reason_text
from allocations.domain.run_queries import names_of, numbers_of
from allocations.enums import RunState
from allocations.models import AllocationRun
from allocations.models.run import LONGEST_RUN_SECONDS, USUAL_RUN_SECONDS
from api.problems import Refused
from fairs.management.lookup import find_fair
from fairs.models import Fair, Hall, Site
from fairs.progress import ProgressBar
from fairs.units import number_text

_LOOK_EVERY_SECONDS = 0.5


class Command(BaseCommand):
    help = "Allocate the stands of a fair in a run, print its proposal, and take it over as plans if asked to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fair", required=True, help="the fair's slug")
        parser.add_argument("--site", action="append", help="the slug of a site; may be given more than once (all sites)")
        parser.add_argument(
            "--status",
            action="append",
            choices=[status.value for status in POSSIBLE_STATUSES],
            help="who gets a stand beside those that have one or an offer; may be given more than once (admitted)",
        )
        parser.add_argument("--seed", type=int, default=1, help="the same number gives the same proposal (1)")
        parser.add_argument(
            "--time-limit",
            type=int,
            default=USUAL_RUN_SECONDS,
            help=f"seconds, up to {LONGEST_RUN_SECONDS} ({USUAL_RUN_SECONDS})",
        )
        parser.add_argument("--dry-run", action="store_true", help="print the proposal and keep nothing of it")
        parser.add_argument("--take-over", action="store_true", help="plan what the proposal says; nobody is told")

    def handle(self, *args: Any, fair: str, **options: Any) -> None:
        if options["dry_run"] and options["take_over"]:
            raise CommandError("--dry-run keeps nothing, so there is nothing to take over: give one of the two.")
        with translation.override("en"):
            self._allocate(find_fair(fair), **options)

    def _allocate(self, fair: Fair, *, dry_run: bool, **options: Any) -> None:
        run = self._asked(fair, **options)
        try:
            self._work(run)
            self._print(run)
            if options["take_over"]:
                self._take_over(run)
        finally:
            if dry_run:
                run.delete()
                self.stdout.write("Nothing was kept.")

    def _asked(self, fair: Fair, **options: Any) -> AllocationRun:
        try:
            return runs.create(
                fair=fair,
                by=None,
                now=clock.now(),
                halls=_halls(fair, options["site"]),
                statuses=options["status"] or USUAL_STATUSES,
                seed=options["seed"],
                time_limit_seconds=options["time_limit"],
            )
        except Refused as refusal:
            raise CommandError(_said(refusal)) from refusal

    def _work(self, run: AllocationRun) -> None:
        # On SQLite a test's transaction belongs to one thread; elsewhere the bar is drawn beside the work.
        bar = _Bar(self.stdout, run.pk) if not connection.in_atomic_block else None
        try:
            run_work.work(run.pk, now=clock.now, watched=bar is not None)
        finally:
            if bar is not None:
                bar.end()
        run.refresh_from_db()
        if run.state != RunState.DONE:
            raise CommandError("There is no proposal. " + " ".join(_problems(run)) + f" (run {run.pk}, {run.get_state_display()})")

    def _print(self, run: AllocationRun) -> None:
        lines = by_name(lines_of(run.proposal))
        changes = changes_of(lines)
        rows = [("site", "stand", "company", "change", "score")]
        for line in lines:
            why = "" if line.stand else "; ".join(reason_text(reason) for reason in line.reasons)
            number = line.stand.number if line.stand else "–"
            shown = number_text(round(line.score, 1)) if line.stand else why
            rows.append((line.site.slug, number, str(line.application.company), str(changes[line.pk].difference.label), shown))
        widths = [max(len(row[column]) for row in rows) for column in range(4)]
        for row in rows:
            cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
            self.stdout.write("  ".join((*cells, row[4])).rstrip())
        proposal = run.proposal
        placed = sum(line.stand is not None for line in lines)
        score, greedy = (number_text(round(one, 1)) for one in (proposal.score, proposal.greedy_score))
        bound = f", bound {number_text(round(proposal.bound, 1))}" if proposal.bound is not None else ""
        self.stdout.write(self.style.SUCCESS(f"run {run.pk}: {placed} of {len(lines)} placed, score {score} (greedy {greedy}{bound})"))

    def _take_over(self, run: AllocationRun) -> None:
        done = take_over.take_over(proposal_id=run.proposal.pk, by=None, now=clock.now())
        for line in [*done.waiting, *done.refused]:
            self.stdout.write(self.style.WARNING(f"{line.application.company}: {line.refusal}"))
        counts = ", ".join(f"{len(getattr(done, name))} {name}" for name in ("new", "moved", "same", "dropped", "waiting", "refused"))
        self.stdout.write(self.style.SUCCESS(f"taken over: {counts}"))


def _halls(fair: Fair, sites: list[str] | None) -> list[Hall] | None:
    if sites is None:
        return None
    known = set(Site.objects.filter(fair=fair).values_list("slug", flat=True))
    if unknown := sorted(set(sites) - known):
        raise CommandError(f"The fair has no site “{unknown[0]}”. It has: {', '.join(sorted(known))}.")
    return list(Hall.objects.filter(fair=fair, site__slug__in=sites))


def _problems(run: AllocationRun) -> list[str]:
    names = names_of(pk for problem in run.problems for pk in problem.get("applications", ()))
    numbers = numbers_of(pk for problem in run.problems for pk in problem.get("stands", ()))
    return [problem_text(problem, names, numbers) for problem in run.problems]


def _said(refusal: Refused) -> str:
    return take_over.text_of(refusal)


class _Bar:
    """Draws how far the run is, as its row says."""

    def __init__(self, output: Any, run_id: int) -> None:
        self._bar = ProgressBar(output, "allocating")
        self._run_id = run_id
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._go, daemon=True)
        self._thread.start()

    def end(self) -> None:
        self._is_over.set()
        self._thread.join()
        self._bar.clear()

    def _go(self) -> None:
        try:
            while not self._is_over.wait(_LOOK_EVERY_SECONDS):
                percent = AllocationRun.objects.filter(pk=self._run_id).values_list("progress_percent", flat=True).first()
                self._bar(percent or 0, 100)
        finally:
            connection.close()  # this thread's own
