"""What a fair's allocation weighs. A fair whose organisers have set nothing has the balanced weights."""

from collections.abc import Collection

from allocations.enums import WeightPreset
from allocations.models import AllocationSettings
from allocations.models.settings import WEIGHTS
from fairs.models import Fair


def settings_of(fair: Fair) -> AllocationSettings:
    """The fair's own, or the usual ones, which are not stored."""
    return AllocationSettings.objects.filter(fair=fair).first() or AllocationSettings(fair=fair)


def weights_of(settings: AllocationSettings) -> dict[str, int]:
    """The weights by name, as a run stores them."""
    return {name: getattr(settings, name) for name in WEIGHTS}


def preset_weights(preset: str) -> dict[str, int]:
    """The numbers of one of the engine's presets; those of ``own`` are nobody's: an empty mapping."""
    from allocations.engine.weights import PRESETS

    return {name: int(getattr(PRESETS[preset], name)) for name in WEIGHTS} if preset in PRESETS else {}


def follow_preset(settings: AllocationSettings, *, changed: Collection[str]) -> None:
    """A preset that was chosen replaces the weights; weights that were changed are the fair's own. ``changed``: names of fields."""
    weights = set(changed) & set(WEIGHTS)
    if "preset" in changed:
        for name, value in preset_weights(settings.preset).items():
            setattr(settings, name, value)
    elif weights and weights_of(settings) != preset_weights(settings.preset):
        settings.preset = WeightPreset.OWN
