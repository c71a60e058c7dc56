"""A page of a list, and where the next one begins."""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """`next` is what the list's `before` takes to go on; None at the end."""

    items: list[T]
    next: str | None
