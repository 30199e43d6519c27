"""What the API says of allocation runs and their proposals, and what it takes. Reasons are codes and numbers."""

from typing import Any

from rest_framework import serializers

from allocations.domain.inputs import POSSIBLE_STATUSES
from allocations.domain.reasons import RULE_NAMES, TERM_NAMES
from allocations.enums import Difference, LineState, RunPhase, RunState
from allocations.models.run import LARGEST_SEED, LONGEST_RUN_SECONDS, USUAL_RUN_SECONDS
from allocations.models.settings import MOST_WEIGHT, WEIGHTS
from api.serializers import StrictSerializer
from exhibitors.api.form_serializers import LARGEST_ID
from exhibitors.api.serializers import MomentField

RULES = list(RULE_NAMES)


def _weight() -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=MOST_WEIGHT, required=False)


class NewWeightsSerializer(StrictSerializer):
    """Weights in place of the fair's own; what is left out stays as the fair has it."""

    preference, open_sides, area, zone, priority = _weight(), _weight(), _weight(), _weight(), _weight()
    near, away, products, moved_offered, moved_planned = _weight(), _weight(), _weight(), _weight(), _weight()


class NewRunSerializer(StrictSerializer):
    """Everything may be left out: then all halls, admitted applications, the fair's weights."""

    sites = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=100,
        required=False,
        help_text="Slugs: all halls of these sites.",
    )
    halls = serializers.ListField(
        child=serializers.CharField(max_length=60),
        min_length=1,
        max_length=500,
        required=False,
        help_text="Slugs. Beside the `sites` that are named.",
    )
    statuses = serializers.ListField(
        child=serializers.ChoiceField(choices=[status.value for status in POSSIBLE_STATUSES]),
        max_length=len(POSSIBLE_STATUSES),
        required=False,
        help_text="States of the applications that get a stand, beside those that have one or an offer. Usually `admitted` alone.",
    )
    weights = NewWeightsSerializer(required=False)
    seed = serializers.IntegerField(min_value=0, max_value=LARGEST_SEED, default=1)
    time_limit_seconds = serializers.IntegerField(min_value=1, max_value=LONGEST_RUN_SECONDS, default=USUAL_RUN_SECONDS)
    keeps_plan = serializers.BooleanField(default=False, help_text="Whoever is planned or offered stays, where it costs nobody the place.")


class PublishSerializer(StrictSerializer):
    """Without ``at``: at once."""

    at = MomentField(required=False, allow_null=True)


class TakeOverSerializer(StrictSerializer):
    """Without ``lines``: all of them."""

    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=1, max_length=10_000, required=False
    )


class LineChangeSerializer(StrictSerializer):
    stand = serializers.IntegerField(
        min_value=1, max_value=LARGEST_ID, required=False, allow_null=True, help_text="Id of a stand in the run's halls; null: none."
    )
    locked = serializers.BooleanField(required=False, help_text="A run begun from this proposal leaves the line where it is.")


class WeightsSerializer(serializers.Serializer[Any]):
    """Points that each aim gives or takes at most."""

    def get_fields(self) -> dict[str, Any]:
        return {name: serializers.IntegerField() for name in WEIGHTS}


class RunProblemSerializer(serializers.Serializer[Any]):
    """Why there is no proposal."""

    code = serializers.ChoiceField(choices=["contradiction", "worker_died", "error"])
    rules = serializers.ListField(child=serializers.ChoiceField(choices=RULES), help_text="Those that exclude each other.")
    applications = serializers.ListField(child=serializers.IntegerField())
    stands = serializers.ListField(child=serializers.IntegerField())


class ProposalSerializer(serializers.Serializer[Any]):
    """The result of a run. It occupies nothing until it is taken over."""

    method = serializers.CharField(help_text="Which way of searching found it.")
    score = serializers.FloatField()
    greedy_score = serializers.FloatField(help_text="What a careful planner would reach: one after the other, each on its best stand.")
    bound = serializers.FloatField(allow_null=True, help_text="No proposal can reach more.")
    is_optimal = serializers.BooleanField()
    placed = serializers.IntegerField(help_text="Lines with a stand.")
    unplaced = serializers.IntegerField(help_text="Lines without one.")
    gone = serializers.IntegerField(help_text="Lines of companies that take no part any more, which the others leave out.")
    edited_at = serializers.DateTimeField(allow_null=True)
    taken_over_at = serializers.DateTimeField(allow_null=True)
    publish_at = serializers.DateTimeField(allow_null=True, help_text="When the offers go.")
    published_at = serializers.DateTimeField(allow_null=True)


class RunSerializer(serializers.Serializer[Any]):
    """A run. While it is `queued` or `running` its ETag changes with its progress."""

    id = serializers.IntegerField()
    status = serializers.ChoiceField(choices=RunState.choices)
    phase = serializers.ChoiceField(choices=RunPhase.choices)
    progress_percent = serializers.IntegerField()
    halls = serializers.ListField(child=serializers.CharField(), help_text="Slugs.")
    statuses = serializers.ListField(child=serializers.CharField())
    weights = WeightsSerializer()
    seed = serializers.IntegerField()
    time_limit_seconds = serializers.IntegerField()
    keeps_plan = serializers.BooleanField()
    input_hash = serializers.CharField(help_text="The same input, seed and time give the same proposal. Empty until it was read.")
    created_by = serializers.EmailField(allow_null=True)
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    problems = RunProblemSerializer(many=True)
    proposal = ProposalSerializer(allow_null=True)


class TermSerializer(serializers.Serializer[Any]):
    """What one aim gives or takes. ``application``: the other one, where it is about two."""

    name = serializers.ChoiceField(choices=list(TERM_NAMES))
    points = serializers.FloatField()
    application = serializers.IntegerField(allow_null=True)


class ReasonSerializer(serializers.Serializer[Any]):
    """Without a stand: how many of the site's stands a rule excludes. With one: a rule that is broken since it was changed by hand."""

    rule = serializers.ChoiceField(choices=RULES)
    stands = serializers.IntegerField(allow_null=True)
    of = serializers.IntegerField(allow_null=True)


class AlternativeSerializer(serializers.Serializer[Any]):
    stand = serializers.IntegerField(help_text="Id.")
    points = serializers.FloatField()
    move = serializers.FloatField(help_text="The part of `points` taken off because it would be another stand than was offered or planned.")
    taken_by = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of the applications that the proposal has there.")
    broken = serializers.ListField(child=serializers.ChoiceField(choices=RULES), help_text="The hard rules that it would break there.")


class LineSerializer(serializers.Serializer[Any]):
    """One application at one site."""

    id = serializers.IntegerField()
    application = serializers.IntegerField()
    company_name = serializers.CharField(help_text="Its legal name.")
    co_exhibitors = serializers.ListField(
        child=serializers.CharField(), help_text="Legal names of the companies that share its stand: those that have confirmed it."
    )
    site = serializers.CharField(help_text="Slug.")
    hall = serializers.CharField(allow_null=True, help_text="Slug.")
    stand = serializers.IntegerField(allow_null=True, help_text="Id; null: it has none.")
    number = serializers.CharField(allow_null=True)
    first_day = serializers.DateField()
    last_day = serializers.DateField()
    difference = serializers.ChoiceField(choices=Difference.choices, help_text="Against what is planned, offered and accepted now.")
    score = serializers.FloatField()
    terms = TermSerializer(many=True)
    reasons = ReasonSerializer(many=True)
    alternatives = AlternativeSerializer(many=True)
    locked = serializers.BooleanField()
    by_hand = serializers.BooleanField()
    status = serializers.ChoiceField(choices=LineState.choices)
    refusal = serializers.CharField(help_text="Why it could not be taken over or offered, or whom it waits for.")
    placement = serializers.IntegerField(allow_null=True)


class TakenOverSerializer(serializers.Serializer[Any]):
    """Ids of the lines by what became of them."""

    new = serializers.ListField(child=serializers.IntegerField())
    moved = serializers.ListField(child=serializers.IntegerField())
    same = serializers.ListField(child=serializers.IntegerField())
    dropped = serializers.ListField(child=serializers.IntegerField())
    waiting = serializers.ListField(
        child=serializers.IntegerField(),
        help_text="Their stand is offered to somebody who gets another one: they are offered it when that one has been told.",
    )
    refused = serializers.ListField(child=serializers.IntegerField(), help_text="Read each line for the reason.")
