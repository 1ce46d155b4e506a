"""Alembic environment: runs on the connection that `lms.core.migrations` hands in."""

from alembic import context

from lms.core.db import Base, Moment
from lms.core.sealing import Sealed

connection = context.config.attributes["connection"]


def render_item(kind, item, autogen_context):
    """Write the product's own column types by their import path."""
    if kind == "type" and isinstance(item, Moment):
        autogen_context.imports.add("from lms.core.db import Moment")
        return "Moment()"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.Text()"
    return False


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=render_item,
)
with context.begin_transaction():
    context.run_migrations()
