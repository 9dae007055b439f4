"""What Alembic runs: our tables only, on the connection it is handed."""

from typing import Any

from alembic import context

from storage import agenda, reserves, tables, tool_pins

OURS = (agenda, reserves, tables, tool_pins)  # each brings its tables


def ours(_thing: Any, name: str | None, kind: str, *_rest: Any) -> bool:  # noqa: ANN401  Alembic's own
    """Return whether Alembic may look at it: the durable engine's tables in the same file are not ours."""
    return kind != "table" or name in set(tables.Run.metadata.tables)


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Run.metadata,
    include_object=ours,
    transactional_ddl=False,  # the caller's one transaction holds every step
)
context.run_migrations()
