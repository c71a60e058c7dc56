"""What makes a text dear, and the smallest edit that would make it cheaper."""

from dataclasses import dataclass

from smsinbox.core.segments import fold, forcing, measure

_FEW = 10  # characters that are worth cutting for a segment


@dataclass(frozen=True, slots=True)
class Advice:
    """Nothing is set where a text is as cheap as can be."""

    odd: str | None = None  # the first character that forces Unicode on the whole text,
    at: int = 0  # its place, counted from one,
    plain: str | None = None  # and its plain twin where it has one
    saved: int = 0  # segments less with plain twins throughout
    few: int = 0  # characters to cut for one segment less


def advice(body: str) -> Advice:
    """What to tell the writer of a text."""
    parts = measure(body).parts
    odd = forcing(body)
    if odd is not None:
        plain = fold(odd)
        saved = parts - measure(fold(body)).parts
        return Advice(odd, body.index(odd) + 1, None if plain == odd else plain, max(saved, 0))
    few = (cut for cut in range(1, _FEW + 1) if measure(body[:-cut]).parts < parts)
    return Advice(few=next(few, 0) if parts > 1 else 0)
