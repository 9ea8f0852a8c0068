"""Among several processes each begins with its long tests, so that none of these is what the others wait for."""

import os

import pytest

LONG_FOLDERS = {"guards", "stories"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Puts them into the order in which xdist deals them out: a process gets one stretch, and steals at the ends."""
    processes = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", 1))
    if processes > 1:
        kinds = [item for item in items if is_long(item)], [item for item in items if not is_long(item)]
        items[:] = [item for n in range(processes) for tests in kinds for item in stretch(tests, n, processes)]


def is_long(item):
    return bool(item.get_closest_marker("slow")) or item.path.parent.name in LONG_FOLDERS


def stretch(tests, n, processes):
    """What the process number `n` gets of them."""
    return tests[len(tests) * n // processes : len(tests) * (n + 1) // processes]
