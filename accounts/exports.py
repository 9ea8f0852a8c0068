"""Downloading all one's own data (articles 15 and 20 of the GDPR)."""

import json
import tempfile
import zipfile
from pathlib import PurePosixPath

from django.core.files import File
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from accounts import holdings, limits, notify
from accounts.history import Action, record
from accounts.models import DataExport

State = DataExport.State
COPY_BYTES = 1024 * 1024
DELETED_AT_ONCE = 100


def latest(membership):
    """The newest export of this person that is waited for or can be downloaded, or None."""
    found = DataExport.objects.filter(membership=membership).exclude(state=State.GONE).first()
    return found if found and (found.ready_at is None or found.expires_at > timezone.now()) else None


def ask(membership):
    """Has everything put together by the worker; asking again while it waits is harmless.

    Raises limits.TooMany.
    """
    if DataExport.objects.filter(membership=membership, state=State.WAITING).exists():
        return
    limits.EXPORTS.charge(membership.pk)
    try:
        with transaction.atomic():
            export = DataExport.objects.create(membership=membership)
            record(Action.EXPORT_ASKED, customer=membership.customer, user=membership.user, by=membership.user)
            make.enqueue(export.pk)
    except IntegrityError:
        return


@task()
def make(export_pk):
    """Writes the file and the mail that it is ready; the worker may do it twice."""
    exports = DataExport.objects.select_related("membership__user", "membership__customer")
    export = exports.get(pk=export_pk)
    if export.state != State.WAITING:
        return
    with tempfile.TemporaryFile() as file:
        write(file, export.membership)
        file.seek(0)
        export.file.save("", File(file), save=False)
    with transaction.atomic():
        ours = DataExport.objects.filter(pk=export.pk, state=State.WAITING)
        if ours.update(state=State.READY, ready_at=timezone.now(), file=export.file.name):
            notify.mail("export_ready", to=export.membership.user, export=export.pk)
            return
    # Another worker was quicker, and its file is the one that counts.
    export.file.storage.delete(export.file.name)


def write(file, membership):
    """A ZIP with a JSON file for each model, and with the files that belong to its rows."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for holding in holdings.find():
            rows = holding.rows(membership)
            with archive.open(f"{holding.name}.json", "w", force_zip64=True) as part:
                write_rows(part, rows.values(*holding.columns).iterator(chunk_size=1000))
            if holding.file:
                add_files(archive, holding, rows)


def write_rows(part, rows):
    """A JSON array, a row at a time: a long history does not have to fit into memory."""
    part.write(b"[")
    for number, row in enumerate(rows):
        text = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
        part.write(f"{',' if number else ''}\n{text}".encode())
    part.write(b"\n]\n")


def add_files(archive, holding, rows):
    """The files of the rows, each under its row's number, so that equal names stay apart.

    A name without the ending of its file, such as a document's number, gets it.
    """
    column, name = holding.file
    storage = holding.model._meta.get_field(column).storage
    for pk, path, title in rows.exclude(**{column: ""}).values_list("pk", column, name).iterator(chunk_size=1000):
        if not storage.exists(path):
            continue
        ending = PurePosixPath(path).suffix
        title = title.replace("/", "-").removesuffix(ending) + ending
        inside = f"{holding.name}/{pk}-{title}"
        with storage.open(path) as source, archive.open(inside, "w", force_zip64=True) as copy:
            while chunk := source.read(COPY_BYTES):
                copy.write(chunk)


def downloaded(export):
    """Writes into the history that the file was handed out."""
    membership = export.membership
    record(Action.EXPORT_DOWNLOADED, customer=membership.customer, user=membership.user, by=membership.user)


def delete_old():
    """Deletes files that nobody can download any more; returns how many."""
    old = DataExport.objects.filter(state=State.READY, ready_at__lt=timezone.now() - DataExport.LIFETIME)
    deleted = 0
    for export in old[:DELETED_AT_ONCE]:
        export.file.storage.delete(export.file.name)
        deleted += DataExport.objects.filter(pk=export.pk).update(state=State.GONE, file="")
    return deleted
