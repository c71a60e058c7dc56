"""Work that takes a processor for a while: beside the loop that would have to wait for it."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar, cast

import gevent
from gevent import monkey
from gevent.threadpool import ThreadPool

T = TypeVar("T")


def aside(work: Callable[[], T]) -> T:
    """Do it in a thread where there is such a loop, and here where there is none."""
    if not monkey.is_module_patched("socket"):
        return work()
    return cast(T, gevent.get_hub().threadpool.apply(work))


def one_at_a_time(work: Callable[[], T]) -> T:
    """The same, for work that takes much memory and raises nothing: the next stands in line."""
    if not monkey.is_module_patched("socket"):
        return work()
    return cast(T, _line(os.getpid()).apply(work))


@lru_cache(maxsize=1)
def _line(_pid: int) -> ThreadPool:
    """Threads do not survive a fork, so that each process has its own."""
    return ThreadPool(1)
