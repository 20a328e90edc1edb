"""Where a programme stands, in lines for a terminal of eighty columns."""

from collections.abc import Iterator
from datetime import datetime

from agent.outlook import Outlook, ServiceOutlook
from agent.renewal import WORDS

ORDER = ("missed", "not shown", "met", "nothing to judge")


def outlook_lines(view: Outlook | None) -> Iterator[str]:
    """The outlook of `run` and `status`."""
    if view is None:
        yield "not committed yet: type `starcadence commit`"
        return
    yield f"cycle {view.cycle}, open until {when(view.end)}: {view.sweeps_taken} of {view.sweeps_due} due sweeps taken"
    if view.last is None:
        yield "no sweep yet: type `starcadence run`"
    else:
        last = view.last
        yield (
            f"last sweep {when(last.nominal)}: {'complete' if last.complete else 'partial'}, {last.cells - last.unseen} of "
            f"{last.cells} cells seen, {last.calls} calls"
        )
        if last.gaps:
            yield "  gaps: " + ", ".join(f"{count} {reason}" for reason, count in last.gaps.items())
        for cloud, names in last.distrusted.items():
            yield f"  NOT TRUSTED on {cloud}, for they judged their samples wrongly: {', '.join(names)}"
        yield "  accounts: " + ", ".join(f"{count} {state}" for state, count in view.accounts.items())
    for service in view.services:
        yield from _service(service)
        yield from _steps(service.service, view)
    yield from _state(view)
    yield f"next sweep {when(view.next_sweep)}; seal due by {when(view.services[0].lapses)}; journal at {view.journal_height}"


def _service(service: ServiceOutlook) -> Iterator[str]:
    yield f"{service.service}: " + ", ".join(f"{service.counts[word]} {word}" for word in ORDER)
    if service.deviations:
        words = ", ".join(
            f"{service.deviations[one]} {one}"
            for one in ("critical", "high", "medium", "low")
            if one in service.deviations
        )
        excepted = f" ({service.excepted} under an approved exception)" if service.excepted else ""
        yield f"  deviations: {words}{excepted}"
    if service.exemptions:
        yield f"  exemptions from policy in force, by the clouds' own record: {service.exemptions}"
    for reference, result in service.results.items():
        if result == "missed":
            failing = [
                f"{point.check} {point.tally.failed} of {point.tally.population}"
                for point in service.points
                if point.specification == reference and point.result == "missed"
            ]
            yield f"  missed {reference}: {', '.join(failing)}"
    if service.cycles:
        yield "  cycles: " + ", ".join(
            f"{past.cycle} {past.state}{' late' if past.late else ''}" for past in service.cycles[-12:]
        )


def _steps(service: str, view: Outlook) -> Iterator[str]:
    """What the newest sealed cycle waits for, and what is renewed next."""
    ended = [life for life in view.lives if life.service == service and life.steps]
    for step in ended[-1].steps if ended else ():
        if step.done is None and step.due is not None:
            word = "overdue since" if step.overdue(view.now) else "due by"
            yield f"  {ended[-1].cycle}, {ended[-1].state}: to be {step.step}, {word} {when(step.due)}"
    for one in view.renewals:
        if one.service == service and one.is_work(view.now):
            yield f"  {one.what} {'overdue since' if view.now >= one.until else 'due'} {one.due}: {WORDS[one.what]}"


def _state(view: Outlook) -> Iterator[str]:
    yield f"programme: {view.state.state}"
    for one in view.state.reasons:
        yield f"  {one.state}: {f'{one.service} ' if one.service else ''}{one.words}; way back: {one.way_back}"
    for words in view.misfits:
        yield f"  note: {words}"


def when(instant: datetime) -> str:
    """An instant for a person."""
    return f"{instant:%Y-%m-%d %H:%M}Z"
