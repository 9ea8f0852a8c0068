"""Runs state machines of hypothesis, the same way each time."""

import os

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

# A fault is told as it was found; to have it made smaller takes minutes: SMALLER=1.
PHASES = [Phase.generate, *([Phase.shrink] if "SMALLER" in os.environ else [])]


def run(machine, examples, *, steps, beginning=0):
    """Runs so many examples of so many steps, the same ones for the same beginning; raises what they find."""
    run_state_machine_as_test(
        seed(beginning)(type(machine.__name__, (machine,), {})),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            database=None,
            deadline=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=PHASES,
            suppress_health_check=list(HealthCheck),
        ),
    )
