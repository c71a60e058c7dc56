"""What a benchmark prints: one line of JSON, rounded to what a reader can use."""

import json
import sys
from collections.abc import Sequence
from typing import Any


def percentile(ascending: Sequence[float], percent: float) -> float:
    """The value below which so many per cent lie; 0 for none at all."""
    if not ascending:
        return 0.0
    return ascending[min(len(ascending) - 1, int(len(ascending) * percent / 100))]


def median(values: Sequence[float]) -> float:
    return percentile(sorted(values), 50)


def bounded(values: Sequence[float], bound: float) -> dict[str, Any]:
    """Median and p95 beside what they should stay below; met when nineteen of twenty do."""
    ascending = sorted(values)
    p50, p95 = percentile(ascending, 50), percentile(ascending, 95)
    return {"p50": p50, "p95": p95, "bound": bound, "met": p95 <= bound}


def tell(name: str, database: str, unit: str, floor: dict[str, Any], **figures: Any) -> None:
    """Print one line: the figures, and beside them the floor of the same run in the same unit."""
    line = {"name": name, "database": database, "unit": unit, **figures, "floor": floor}
    sys.stdout.write(json.dumps(_rounded(line)) + "\n")
    sys.stdout.flush()


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    if isinstance(value, float):
        digits = 1 if value >= 1 else 2 if value >= 0.01 else 5
        return round(value) if value >= 100 else round(value, digits)
    return value
