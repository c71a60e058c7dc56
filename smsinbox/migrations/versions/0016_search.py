"""What search reads: every text, every note, and the names of contacts, word by word.

The database keeps these by itself: whatever writes, changes or deletes a row, the index follows in
the same transaction. On SQLite they are FTS5 tables over our own; a later migration that rebuilds
`message`, `activity` or `contact` there (batch_alter_table) drops their triggers and has to call
`follow` again. On Postgres they are tables beside ours, not columns in them: a text's row changes
four times on its way out, and each time a GIN index on it would take all its words anew.
"""

import logging

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

logger = logging.getLogger(__name__)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for statement in _TABLES:
            op.execute(statement)
        follow()
        return
    op.execute(_FOLD)
    for statement in _POSTGRES:
        op.execute(statement)
    _parts_of_words()


def follow() -> None:
    """On SQLite: lay down the triggers, which must not be there."""
    for table, of, columns, counts in _INDEXED:
        for statement in _triggers(table, of, columns, counts):
            op.execute(statement)


# ── SQLite ─────────────────────────────────────────────────────────────────

_INDEXED = (
    ("search_message", "message", ("body",), "true"),
    ("search_note", "activity", ("body",), "{row}.kind = 'note'"),
    # A contact without a name, as each one begins, costs nothing.
    ("search_contact", "contact", ("name", "notes"), "({row}.name <> '' OR {row}.notes <> '')"),
)
# Marks are parts of words: without them a Hindi word falls apart at each vowel. What tells how an
# emoji is drawn is a mark, too, and is none.
_TOKENS = "unicode61 remove_diacritics 2 categories ''L* N* Mn Mc'' separators ''\ufe0e\ufe0f''"
_TABLES = [
    statement
    for table, of, columns, counts in _INDEXED
    for statement in (
        f"CREATE VIRTUAL TABLE {table} USING fts5({', '.join(columns)}, content='{of}', "
        f"content_rowid='id', columnsize=0, tokenize='{_TOKENS}')",
        f"INSERT INTO {table} (rowid, {', '.join(columns)}) "
        f"SELECT id, {', '.join(columns)} FROM {of} WHERE {counts.format(row=of)}",
    )
]


def _triggers(table: str, of: str, columns: tuple[str, ...], counts: str) -> tuple[str, ...]:
    """FTS5 forgets a row only when it is told what it had learnt of it."""
    names = ", ".join(columns)
    old, new = (", ".join(f"{row}.{name}" for name in columns) for row in ("OLD", "NEW"))
    was, is_now = counts.format(row="OLD"), counts.format(row="NEW")
    learn = f"INSERT INTO {table} (rowid, {names}) SELECT NEW.id, {new} WHERE {is_now};"
    forget = (
        f"INSERT INTO {table} ({table}, rowid, {names}) SELECT 'delete', OLD.id, {old} WHERE {was};"
    )
    return (
        f"CREATE TRIGGER {table}_learns AFTER INSERT ON {of} WHEN {is_now} BEGIN {learn} END",
        f"CREATE TRIGGER {table}_forgets AFTER DELETE ON {of} WHEN {was} BEGIN {forget} END",
        f"CREATE TRIGGER {table}_follows AFTER UPDATE OF {names} ON {of} "
        f"BEGIN {forget} {learn} END",
    )


# ── Postgres ───────────────────────────────────────────────────────────────

_SEPARATORS = (
    r"\u0001-/:-@[-`{-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7"
    r"\u2000-\u206F\u20A0-\u20CF\u2190-\u245F\u2500-\u2775\u2794-\u2BFF"
    r"\u3000-\u3004\u3008-\u3020\u3030\uFE0E\uFE0F\uFF01-\uFF0F\uFF1A-\uFF20\uFFFC\uFFFD"
    r"\U0001F000-\U0001FAFF"
)
# Lower case, no accents, words with one space between: what FTS5 makes of a text by itself. Named
# characters, not classes: what is a letter must not hang on the locale of the database.
_FOLD = f"""
    CREATE FUNCTION search_fold(said text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
      SELECT CASE WHEN octet_length(said) = length(said)
        THEN regexp_replace(lower(said), '[^a-z0-9]+', ' ', 'g')
        ELSE regexp_replace(replace(lower(normalize(regexp_replace(
          normalize(said, NFD), '[\\u0300-\\u036F]', '', 'g'), NFC)), 'ς', 'σ'),
          '[{_SEPARATORS}]+', ' ', 'g')
      END
    $$
"""
_POSTGRES = (
    """
    CREATE TABLE search_message (
      message_id bigint CONSTRAINT pk_search_message PRIMARY KEY
        CONSTRAINT fk_search_message_message_id REFERENCES message (id) ON DELETE CASCADE,
      words tsvector NOT NULL)
    """,
    """
    CREATE TABLE search_note (
      activity_id bigint CONSTRAINT pk_search_note PRIMARY KEY
        CONSTRAINT fk_search_note_activity_id REFERENCES activity (id) ON DELETE CASCADE,
      words tsvector NOT NULL)
    """,
    """
    INSERT INTO search_message SELECT id, to_tsvector('simple', search_fold(body)) FROM message
    """,
    """
    INSERT INTO search_note SELECT id, to_tsvector('simple', search_fold(body)) FROM activity
    WHERE kind = 'note'
    """,
    "CREATE INDEX ix_search_message_words ON search_message USING gin (words)",
    "CREATE INDEX ix_search_note_words ON search_note USING gin (words)",
    # Once for all the texts of a statement: those that arrive together share one.
    """
    CREATE FUNCTION search_message_learns() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO search_message
      SELECT id, to_tsvector('simple', search_fold(body)) FROM fresh;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER search_message_learns AFTER INSERT ON message REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION search_message_learns()
    """,
    """
    CREATE FUNCTION search_message_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      UPDATE search_message SET words = to_tsvector('simple', search_fold(NEW.body))
      WHERE message_id = NEW.id;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER search_message_follows AFTER UPDATE OF body ON message
    FOR EACH ROW WHEN (OLD.body <> NEW.body) EXECUTE FUNCTION search_message_follows()
    """,
    """
    CREATE FUNCTION search_note_follows() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO search_note VALUES (NEW.id, to_tsvector('simple', search_fold(NEW.body)))
      ON CONFLICT (activity_id) DO UPDATE SET words = excluded.words;
      RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER search_note_follows AFTER INSERT OR UPDATE OF body ON activity
    FOR EACH ROW WHEN (NEW.kind = 'note') EXECUTE FUNCTION search_note_follows()
    """,
)
PARTS_OF_WORDS = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_contact_search_phone ON contact USING gin (phone gin_trgm_ops)",
    """
    CREATE INDEX ix_contact_search_name ON contact
    USING gin ((' ' || search_fold(name) || ' | ' || search_fold(notes) || ' ') gin_trgm_ops)
    WHERE name <> '' OR notes <> ''
    """,
)


def _parts_of_words() -> None:
    """Without the extension everything is found just the same, by reading all contacts."""
    try:
        with op.get_bind().begin_nested():
            for statement in PARTS_OF_WORDS:
                op.execute(statement)
    except DBAPIError as error:
        logger.warning(
            "Postgres does not let us use pg_trgm (%s). Search works, but reads every contact. "
            "To make it quick, let an administrator of the database run: %s;",
            str(error.orig).strip().splitlines()[0],
            ";".join(" ".join(statement.split()) for statement in PARTS_OF_WORDS),
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table, *_ in _INDEXED:
            for verb in ("learns", "forgets", "follows"):
                op.execute(f"DROP TRIGGER {table}_{verb}")
            op.execute(f"DROP TABLE {table}")
        return
    op.execute("DROP INDEX IF EXISTS ix_contact_search_name")
    op.execute("DROP INDEX IF EXISTS ix_contact_search_phone")
    for verb, of in (
        ("search_note_follows", "activity"),
        ("search_message_follows", "message"),
        ("search_message_learns", "message"),
    ):
        op.execute(f"DROP TRIGGER {verb} ON {of}")
        op.execute(f"DROP FUNCTION {verb}()")
    op.execute(sa.text("DROP TABLE search_note"))
    op.execute(sa.text("DROP TABLE search_message"))
    op.execute("DROP FUNCTION search_fold(text)")  # the extension may be somebody else's by now
