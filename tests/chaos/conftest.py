"""One inbox of real processes a database, shared by all rows that leave it as it was."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests import postgres
from tests.chaos.invariants import check
from tests.chaos.stack import Stack


@pytest.fixture(scope="session", params=("sqlite", "postgres"))
def shared(request, tmp_path_factory, worker_name) -> Iterator[Stack]:
    """Session-wide, so that pytest runs all rows on one database, then all on the other."""
    with ExitStack() as left:
        url = ""
        if request.param == "postgres":
            server = request.getfixturevalue("postgres_server")
            url = left.enter_context(postgres.database(server, f"chaos_{worker_name}"))
        stack = Stack(tmp_path_factory.mktemp(f"chaos-{request.param}"), url)
        left.callback(stack.end)
        stack.start_all()
        yield stack


@pytest.fixture
def stack(shared: Stack) -> Iterator[Stack]:
    """Everything runs and is well; afterwards it is made so again, and the promises are checked."""
    shared.heal()
    yield shared
    shared.heal()
    check(shared)


only_sqlite = pytest.mark.parametrize("shared", ["sqlite"], indirect=True)
