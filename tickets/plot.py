"""Plots drawn on the server: what a template needs to draw bars and lines as SVG."""

from dataclasses import dataclass

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 40, 8, 12, 28
STEPS = (1, 2, 5)
MARKS_AT_MOST = 5
DATES_AT_MOST = 9


@dataclass(frozen=True)
class Mark:
    """A line across the plot with its number, or a date below it."""

    at: float
    label: str


@dataclass(frozen=True)
class Bar:
    """One bar, in the plot's units."""

    x: float
    y: float
    width: float
    height: float
    series: str


@dataclass(frozen=True)
class Plot:
    """Everything in units of the view box; a line is a list of "x,y x,y" pieces, broken where there is no value."""

    marks: list
    dates: list
    bars: list
    lines: dict
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    base: int = HEIGHT - BOTTOM


def drawn(labels, *, bars=None, lines=None):
    """A Plot of series of numbers, by name, one number (or None in a line) for each label."""
    bars, lines = bars or {}, lines or {}
    values = [value or 0 for series in [*bars.values(), *lines.values()] for value in series]
    step = scale(max(values, default=0))
    top = step * -(-max(*values, 1) // step)
    slot = (WIDTH - LEFT - RIGHT) / len(labels)
    every = -(-len(labels) // DATES_AT_MOST)

    def height(value):
        return round((HEIGHT - BOTTOM - TOP) * value / top, 1)

    return Plot(
        marks=[Mark(HEIGHT - BOTTOM - height(n * step), f"{n * step:g}") for n in range(int(top / step) + 1)],
        dates=[Mark(middle(n, slot), label) for n, label in enumerate(labels) if n % every == 0],
        bars=[
            Bar(
                round(LEFT + n * slot + slot * (0.1 + 0.8 * place / len(bars)), 1),
                HEIGHT - BOTTOM - height(value),
                round(0.8 * slot / len(bars), 1),
                height(value),
                name,
            )
            for place, (name, series) in enumerate(bars.items())
            for n, value in enumerate(series)
            if value
        ],
        lines={name: pieces(series, slot, height) for name, series in lines.items()},
    )


def middle(n, slot):
    """The middle of the n-th label's room."""
    return round(LEFT + (n + 0.5) * slot, 1)


def scale(largest):
    """The distance between two marks: 1, 2 or 5 times a power of ten, so that there are few of them."""
    power = 1
    while True:
        for step in STEPS:
            if largest <= step * power * MARKS_AT_MOST:
                return step * power
        power *= 10


def pieces(series, slot, height):
    """The points of a line as strings, a new one after every gap."""
    found, piece = [], []
    for n, value in enumerate([*series, None]):
        if value is not None:
            piece.append(f"{middle(n, slot)},{HEIGHT - BOTTOM - height(value)}")
        elif piece:
            found.append(" ".join(piece))
            piece = []
    return found
