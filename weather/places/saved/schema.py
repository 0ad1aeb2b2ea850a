"""The tables of saved places, and how a database of an earlier version becomes one of this version.

The rules:

1. The version of the schema stands in a table of one row. A database without it is of a version from before there was
   one, or is empty.
2. A migration leads from one version to the next. It may be run again, for an earlier program that runs beside this one
   during an upgrade may begin lists in its own way.
3. All migrations run in one transaction, one process at a time.
4. A database of a newer version is left alone.
"""

from collections.abc import Callable

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    exists,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateColumn, CreateIndex, CreateTable

METADATA = MetaData()
ADDED = ("position", "home", "created_at", "region")
"""The columns that version 3 added. An earlier program that runs beside this one leaves them empty."""

PLACES = Table(
    "saved_place",
    METADATA,
    Column("number", Integer, primary_key=True),
    Column("id", String(22), nullable=False, unique=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("country", String(2)),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("timezone", String(64), nullable=False),
    Column("position", Integer),
    Column("home", Boolean),
    Column("created_at", BigInteger),
    Column("region", String(80)),
)
LISTS = Table(
    "saved_list",
    METADATA,
    Column("owner", String(64), primary_key=True),
    Column("read_on", Integer, nullable=False, index=True),
)
SCHEMA = Table(
    "saved_schema", METADATA, Column("one", Integer, primary_key=True), Column("version", Integer, nullable=False)
)

LOCK = 0x5EA7E125
"""The number of PostgreSQL's advisory lock that one migration at a time holds."""


class SchemaTooNew(ValueError):
    """The database was made by a newer version of this program."""


def add_places(connection: Connection, today: int) -> None:
    """To version 1: places, each with the hash of its list's token."""
    create(connection, PLACES)


def add_lists(connection: Connection, today: int) -> None:
    """To version 2: lists, with the day on which they were last read. Those that are known by their places alone count
    as read today."""
    create(connection, LISTS)
    known = select(LISTS.c.owner)
    older = select(PLACES.c.owner, literal(today)).where(PLACES.c.owner.not_in(known)).distinct()
    connection.execute(insert(LISTS).from_select(["owner", "read_on"], older))


def add_order(connection: Connection, today: int) -> None:
    """To version 3: each place may have a position in its list, be the list's home, and tell its region and when it was
    saved, in Unix seconds. None of it is known of the places of before."""
    there = {column["name"] for column in inspect(connection).get_columns(PLACES.name)}
    for name in ADDED:
        if name not in there:
            column = CreateColumn(PLACES.c[name]).compile(dialect=connection.dialect)
            connection.execute(text(f"ALTER TABLE {PLACES.name} ADD COLUMN {column}"))


Migration = Callable[[Connection, int], None]

MIGRATIONS: tuple[Migration, ...] = (add_places, add_lists, add_order)
"""The first makes version 1 of an empty database. `today` is in days since 1 January 1970."""

NEWEST = len(MIGRATIONS)


def migrate(engine: Engine, today: int) -> None:
    """Bring a database to the newest version. Raises SchemaTooNew, and leaves such a database as it is."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver begins no transaction for a change of tables
        create(connection, SCHEMA)
        version = connection.scalar(select(SCHEMA.c.version)) or 0
        if version > NEWEST:
            raise SchemaTooNew
        for migration in MIGRATIONS:
            migration(connection, today)
        note_version(connection)


def is_current(engine: Engine) -> bool:
    """Whether a database is of the newest version, asked without writing; False if it cannot be asked."""
    try:
        with engine.connect() as connection:
            return connection.scalar(select(SCHEMA.c.version)) == NEWEST
    except DBAPIError:
        return False


def note_version(connection: Connection) -> None:
    """Write the version down, whoever else does so now: each statement looks and writes at once."""
    row = select(literal(1), literal(NEWEST)).where(~exists(select(SCHEMA.c.one)))
    connection.execute(insert(SCHEMA).from_select(["one", "version"], row))
    connection.execute(update(SCHEMA).values(version=NEWEST).where(SCHEMA.c.version < NEWEST))


def create(connection: Connection, table: Table) -> None:
    """Make a table and its indexes where they are not there."""
    connection.execute(CreateTable(table, if_not_exists=True))
    for index in table.indexes:
        connection.execute(CreateIndex(index, if_not_exists=True))
