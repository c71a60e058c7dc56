"""The schema's history. Applied on start; linear; named by hand."""

from pathlib import Path

FOLDER = Path(__file__).parent
