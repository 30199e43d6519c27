"""A program of its own: the GeoJSON on its standard input becomes lines of JSON on its standard output (see sheet_reader.py).

Each line is a feature, ``[7, {"properties": {"number": "A-07"}, "type": "Polygon", "rings": [[[0, 0], …]]}]``, or the last word,
``{"error": "broken"}``. Properties are texts, as in a spreadsheet.
"""

import json
import sys
import unicodedata
from contextlib import suppress
from typing import Any

MEGABYTE = 1_000_000


def main() -> None:
    wanted = json.loads(sys.argv[1])
    _limit(memory=wanted["memory"], seconds=wanted["seconds"])
    try:
        found = json.loads(sys.stdin.buffer.read().decode("utf-8-sig"))
        features = _features(found)
        if features is None:
            _say({"error": "kind"})
        elif _is_on_the_globe(found):
            _say({"error": "globe"})
        elif len(features) > wanted["most"]:
            _say({"error": "many"})
        else:
            for number, feature in enumerate(features, start=1):
                _say([number, _plain(feature, longest=wanted["longest"])])
            _say({"error": ""})
    except MemoryError:
        _say({"error": "memory"})
    except (ValueError, RecursionError, UnicodeDecodeError):
        _say({"error": "broken"})


def _features(found: Any) -> list[Any] | None:
    if isinstance(found, dict) and found.get("type") == "Feature":
        return [found]
    if isinstance(found, dict) and found.get("type") == "FeatureCollection" and isinstance(found.get("features"), list):
        return list(found["features"])
    return None


def _is_on_the_globe(found: dict[str, Any]) -> bool:
    """Whether the file names a coordinate system of the globe."""
    system = json.dumps(found.get("crs") or "").upper()
    return any(name in system for name in ("CRS84", "EPSG:4326", "EPSG::4326", "EPSG:4490", "EPSG::4490"))


def _plain(feature: Any, *, longest: int) -> dict[str, Any]:
    feature = feature if isinstance(feature, dict) else {}
    geometry = feature.get("geometry") if isinstance(feature.get("geometry"), dict) else {}
    properties = feature.get("properties") if isinstance(feature.get("properties"), dict) else {}
    texts = {str(name)[:200]: _text(value)[:longest] for name, value in list(properties.items())[:200]}
    return {"properties": texts, "type": str(geometry.get("type"))[:40], "rings": geometry.get("coordinates")}


def _text(value: Any) -> str:
    if value is None or isinstance(value, (list, dict)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return unicodedata.normalize("NFC", str(value)).replace("\xa0", " ").strip()


def _limit(*, memory: int, seconds: int) -> None:
    import resource

    limits = {resource.RLIMIT_AS: (memory * MEGABYTE,) * 2, resource.RLIMIT_CPU: (seconds, seconds + 1), resource.RLIMIT_FSIZE: (0, 0)}
    for kind, most in limits.items():
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, most)


def _say(line: Any) -> None:
    sys.stdout.write(f"{json.dumps(line)}\n")


if __name__ == "__main__":
    main()
