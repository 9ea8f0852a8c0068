"""What the worker does for accounts, beside sending messages."""

from django_tasks import task


@task()
def make_export(export_pk):
    """Puts a person's own data together."""
    from accounts import exports

    exports.make(export_pk)
