"""Runs every check, one after the other: `python -m tests`, or only the quick ones: `… lint`."""

import os
import subprocess
import sys
import time

BIN = os.path.dirname(sys.executable)
PROCESSES = max(2, min(4, os.cpu_count() or 2))

LINT = {
    "style": "ruff check .",
    "format": "ruff format --check .",
    "types": "mypy",
    "floors": "lint-imports",
    "templates, format": "djlint templates --check",
    "templates, style": "djlint templates --lint --quiet",
}
TESTS = {"tests": f"pytest -n {PROCESSES} --dist worksteal"}


def run(steps: dict[str, str]) -> int:
    """Run all steps, even after one fails, so that one look shows everything. An exit code."""
    env = {**os.environ, "PATH": os.pathsep.join([BIN, os.environ.get("PATH", "")])}
    failed = []
    for name, line in steps.items():
        tell(f"── {name}: {line}")
        began = time.monotonic()
        code = subprocess.run(line.split(), env=env, check=False).returncode
        verdict = "ok" if code == 0 else f"FAILED ({code})"
        tell(f"── {name}: {verdict} in {time.monotonic() - began:.1f} s\n")
        if code:
            failed.append(name)
    tell(f"Failed: {', '.join(failed)}" if failed else "All is well.")
    return 1 if failed else 0


def tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(run(LINT if sys.argv[1:] == ["lint"] else {**LINT, **TESTS}))
