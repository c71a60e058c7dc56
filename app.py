"""The front door: `python app.py` runs the whole inbox, `app:app` is its web application."""

import sys

from smsinbox.application import create_app
from smsinbox.core.config import settings
from smsinbox.first_run import prepare_app
from smsinbox.serve import serve

if __name__ == "__main__":
    raise SystemExit(serve())

app = create_app()
for line in prepare_app(app, settings()).lines():
    print(line, file=sys.stderr)
