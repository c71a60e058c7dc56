"""The front door: `python app.py` runs the whole inbox, `app:app` is its web application."""

import sys

from sqlalchemy.exc import DatabaseError, OperationalError

from smsinbox.application import create_app
from smsinbox.core.config import BadSettings, settings
from smsinbox.first_run import in_words, prepare_app
from smsinbox.migrations.schema import NewerSchema
from smsinbox.serve import serve

if __name__ == "__main__":
    raise SystemExit(serve())

try:
    app = create_app()
except BadSettings as problem:
    raise SystemExit(str(problem)) from None
try:
    first = prepare_app(app, settings())
except OperationalError:
    # Pages say 503 and /readyz says why until it is back; then the carriers' retries come in.
    print("The database does not answer. Check DATABASE_URL and the server.", file=sys.stderr)
except (DatabaseError, NewerSchema) as problem:
    # `inbox check` and /readyz tell the rest.
    print(f"The database cannot be used: {in_words(problem)}", file=sys.stderr)
else:
    print(*first.lines(), sep="\n", end="\n" * bool(first.lines()), file=sys.stderr)
