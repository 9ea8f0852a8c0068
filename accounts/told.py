"""What another system tells, read with suspicion."""

import json


def content_of(body):
    """The JSON object in a body. Raises ValueError."""
    try:
        content = json.loads(body)
    except RecursionError:
        raise ValueError("it is nested deeper than anybody writes") from None
    if not isinstance(content, dict):
        raise ValueError("it is no JSON object")
    return content
