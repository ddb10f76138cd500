"""Run by Alembic, inside the transaction that `folkmoot.storage.migrate` began."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], target_metadata=None, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
