"""Runs every check: `python -m tests`, or only the quick ones: `python -m tests lint`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

BIN = os.path.dirname(sys.executable)
CORES = os.cpu_count() or 2
PROCESSES = max(2, min(6, CORES + 1))  # tests wait as often as they work

LINT = {
    "style": "ruff check .",
    "format": "ruff format --check .",
    "types": "mypy",
    "floors": "lint-imports",
    "templates, format": "djlint templates --check",
    "templates, style": "djlint templates --lint --quiet",
}
TESTS = f"pytest -n {PROCESSES} --dist worksteal"


@dataclass
class Step:
    """One check; its output is shown when it is over, unless it may talk meanwhile."""

    name: str
    line: str
    talks: bool = False

    def passes(self) -> bool:
        """Run it and tell how it went."""
        env = {**os.environ, "PATH": os.pathsep.join([BIN, os.environ.get("PATH", "")])}
        began = time.monotonic()
        where = None if self.talks else subprocess.PIPE
        done = subprocess.run(
            self.line.split(),
            env=env,
            check=False,
            text=True,
            stdout=where,
            stderr=subprocess.STDOUT,
        )
        verdict = "ok" if done.returncode == 0 else f"FAILED ({done.returncode})"
        took = time.monotonic() - began
        tell(f"{done.stdout or ''}── {self.name}: {verdict} in {took:.1f} s: {self.line}")
        return done.returncode == 0


def lint() -> list[str]:
    """Run the quick checks, all of them even after one fails; the names of those that failed."""
    return [name for name, line in LINT.items() if not Step(name, line).passes()]


def everything() -> list[str]:
    """The quick checks beside the tests: most of them use one core, and tests often wait."""
    with ThreadPoolExecutor(1) as beside:
        linted = beside.submit(lint)
        tested = [] if Step("tests", TESTS, talks=True).passes() else ["tests"]
        return linted.result() + tested


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    failed = lint() if sys.argv[1:] == ["lint"] else everything()
    tell(f"Failed: {', '.join(failed)}" if failed else "All is well.")
    sys.exit(bool(failed))
