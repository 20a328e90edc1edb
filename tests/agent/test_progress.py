"""Progress: drawn for a person, silent for anybody else, and counted right under threads."""

import io
import threading

import pytest

from agent.progress import Line, Silence, observer, spoken


class Terminal(io.StringIO):
    """A stream that a person looks at."""

    def isatty(self) -> bool:
        return True


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def shown(stream: io.StringIO) -> str:
    """What the line says now."""
    return stream.getvalue().rsplit("\x1b[K", 1)[-1]


def test_it_says_accounts_cells_gaps_and_the_time_left():
    stream, clock = Terminal(), Clock()
    line = Line(stream, clock=clock, width=120)
    line.began(accounts=4, cells=10)
    assert shown(stream) == f"[{' ' * 20}] 0/10 cells in 4 accounts, 0 gaps"
    for _ in range(5):
        clock.seconds += 3
        line.looked(gaps=0)
    clock.seconds += 3
    line.looked(gaps=1)
    assert shown(stream) == f"[{'#' * 12}{' ' * 8}] 6/10 cells in 4 accounts, 1 gap, about 12 s left"


def test_the_last_cell_is_always_drawn_and_the_line_left_standing():
    stream, clock = Terminal(), Clock()
    line = Line(stream, clock=clock)
    line.began(accounts=1, cells=3)
    for _ in range(3):
        line.looked(gaps=2)
    assert "3/3 cells in 1 account, 6 gaps" in shown(stream)
    assert "left" not in shown(stream)
    line.ended()
    assert stream.getvalue().endswith("gaps\n")


def test_cells_of_a_run_before_do_not_make_this_one_look_fast():
    stream, clock = Terminal(), Clock()
    line = Line(stream, clock=clock, width=120)
    line.began(accounts=2, cells=100, done=90)
    clock.seconds += 60
    line.looked(gaps=0)
    assert "91/100" in shown(stream)
    assert "about 9 min left" in shown(stream)


def test_it_is_not_drawn_more_often_than_one_can_look():
    stream, clock = Terminal(), Clock()
    line = Line(stream, clock=clock)
    line.began(accounts=1, cells=1000)
    before = stream.getvalue().count("\r")
    for _ in range(500):
        clock.seconds += 0.001
        line.looked(gaps=0)
    assert stream.getvalue().count("\r") - before <= 5


def test_it_never_wraps():
    stream = Terminal()
    line = Line(stream, clock=Clock(), width=30)
    line.began(accounts=123456, cells=123456789)
    assert len(shown(stream)) == 29


def test_an_empty_plan_is_done():
    stream = Terminal()
    line = Line(stream, clock=Clock())
    line.began(accounts=0, cells=0)
    assert shown(stream) == f"[{'#' * 20}] 0/0 cells in 0 accounts, 0 gaps"


def test_threads_count_every_cell_once():
    stream = Terminal()
    line = Line(stream, clock=Clock())
    line.began(accounts=8, cells=800)
    workers = [threading.Thread(target=lambda: [line.looked(gaps=1) for _ in range(100)]) for _ in range(8)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert "800/800 cells in 8 accounts, 800 gaps" in shown(stream)


@pytest.mark.parametrize(
    ("stream", "quiet", "kind"),
    [(Terminal(), False, Line), (Terminal(), True, Silence), (io.StringIO(), False, Silence)],
)
def test_only_a_person_who_wants_it_is_shown(stream, quiet, kind):
    told = observer(stream, quiet=quiet, clock=Clock())
    assert isinstance(told, kind)
    told.began(accounts=1, cells=1)
    told.looked(gaps=0)
    told.ended()
    assert bool(stream.getvalue()) is (kind is Line)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.2, "1 s"),
        (45, "45 s"),
        (89.4, "89 s"),
        (90, "2 min"),
        (720, "12 min"),
        (5340, "89 min"),
        (11100, "3 h 5 min"),
    ],
)
def test_a_guess_is_spoken_as_one(seconds, words):
    assert spoken(seconds) == words
