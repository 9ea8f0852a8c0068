"""Where files lie is a matter of the environment."""

import json
import subprocess
import sys

import pytest
from django.conf import settings

ASK = "import json; from panel import settings; print(json.dumps(settings.STORAGES['default']))"


def chosen(**environment):
    """The storage of the settings that this environment makes."""
    answer = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=settings.BASE_DIR,
        env={"PANEL_MODE": "test", "VAR_DIR": "/var/lib/panel", "PATH": ""} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(answer.stdout)


def test_files_lie_on_the_disk_unless_told():
    there = {"location": "/var/lib/panel/files"}
    assert chosen() == {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": there}


@pytest.mark.parametrize("options", [{}, {"bucket_name": "panel-files", "querystring_auth": False}])
def test_another_storage_class_is_named_with_its_options(options):
    told = {"FILES_STORAGE": "storages.backends.s3.S3Storage"}
    told |= {"FILES_STORAGE_OPTIONS": json.dumps(options)} if options else {}
    assert chosen(**told) == {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
