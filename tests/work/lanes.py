"""Lanes: what hangs in one holds up none of the others, and an error ends no worker."""

from threading import Event

import pytest

from accounts.work import lanes
from tests.support.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def road(monkeypatch):
    """`road(waiting, do_next)` is a keeper of one sort of lanes; `.is_stopping` ends it."""
    monkeypatch.setattr(lanes, "AFTER_ERROR_SECONDS", 0)
    stopping, keepers = Event(), []

    def road(waiting, do_next):
        monkeypatch.setattr(lanes, "LANES", [lanes.Lanes(waiting, do_next)])
        keepers.append(lanes.LaneKeeper("worker-1", stopping.is_set))
        return keepers[-1]

    yield road
    stopping.set()
    for keeper in keepers:
        keeper.end()


def test_what_hangs_holds_up_its_own_lane_only(road):
    left, done, let_go = {"sick": ["a", "b"], "well": ["c", "d"]}, [], Event()

    def do_next(lane, worker_id):
        if not left[lane]:
            return False
        if lane == "sick":
            let_go.wait(60)
        done.append(left[lane].pop(0))
        return True

    keeper = road(lambda worker_id: [lane for lane in left if left[lane]], do_next)
    try:
        for _n in range(3):
            keeper.look()
        until(lambda: done == ["c", "d"])
        assert len(keeper.threads) <= 2
    finally:
        let_go.set()
    until(lambda: sorted(done) == ["a", "b", "c", "d"])


def test_a_lane_that_stumbles_is_opened_again(road, caplog):
    tries = []

    def do_next(lane, worker_id):
        tries.append(lane)
        if len(tries) == 1:
            raise RuntimeError("the database restarts")
        return False

    keeper = road(lambda worker_id: ["one"] if len(tries) < 2 else [], do_next)
    until(lambda: keeper.look() or len(tries) == 2)
    assert "the database restarts" in caplog.text


def test_everything_that_is_due_is_done_in_one_go(road):
    left = ["a", "b"]
    keeper = road(lambda worker_id: ["one"] if left else [], lambda lane, worker_id: bool(left and left.pop()))
    assert (keeper.do_all(), left, keeper.do_all()) == (True, [], False)


def test_a_lane_that_never_ends_is_left_behind(road, monkeypatch, caplog):
    monkeypatch.setattr(lanes, "END_SECONDS", 0.05)
    caplog.set_level("WARNING")
    let_go = Event()
    keeper = road(lambda worker_id: ["one"], lambda lane, worker_id: let_go.wait(60) and False)
    keeper.look()
    keeper.end()
    let_go.set()
    assert "left behind" in caplog.text
