"""What a page costs, told so that a busy machine tells the same: in time that the page's main thread really ran.

A clock on the wall also counts how long others had the processor. CPU time doesn't; so "at CPU 4× slower" is four times
what it took, and a budget holds or not, whoever else compiles meanwhile.
"""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import CDPSession, Page

SLOWDOWN = 4
"""The budgets' slow laptop: ui.md speaks of "CPU 4× slower"."""

CORE = 1.5 if (os.cpu_count() or 1) < 4 else 1.0
"""How much longer the same work takes here than on a core of the budgets' four-core laptop. A machine of two processors has
half a core in each, and their one cache is also the server's and the other browsers'."""


def busyness() -> float:
    """How many times longer a thing takes just now because others have the processors; 1 where nobody else wants them. For
    what only a clock on the wall tells: a gate times this keeps its meaning on a quiet machine. The worst of some moments, since
    others come and go."""
    return max(1.0, *(_stretched(0.08) for _ in range(3)))


def _stretched(seconds: float) -> float:
    began, ran = time.monotonic(), time.thread_time()
    while time.thread_time() - ran < seconds:
        pass
    return (time.monotonic() - began) / seconds


@dataclass
class Cost:
    """Milliseconds of the main thread, as far as `during` was entered."""

    total: float = 0
    script: float = 0
    style_and_layout: float = 0
    wall: float = 0


@dataclass
class Trace:
    """The main thread's tasks, milliseconds of CPU each, in the order they ran."""

    tasks: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(self.tasks, default=0)


class Gauge:
    """On one page, from the moment it is made."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("Performance.enable", {"timeDomain": "threadTicks"})

    def metrics(self) -> dict[str, float]:
        listed = self.cdp.send("Performance.getMetrics")["metrics"]
        return {metric["name"]: metric["value"] for metric in listed}

    @contextmanager
    def during(self) -> Iterator[Cost]:
        cost, before, began = Cost(), self.metrics(), self.page.evaluate("performance.now()")
        yield cost
        after, ended = self.metrics(), self.page.evaluate("performance.now()")

        def spent(*names: str) -> float:
            return sum(after[name] - before[name] for name in names) * 1000

        cost.total = spent("TaskDuration")
        cost.script = spent("ScriptDuration")
        cost.style_and_layout = spent("RecalcStyleDuration", "LayoutDuration")
        cost.wall = ended - began

    @contextmanager
    def traced(self, file: Path) -> Iterator[Trace]:
        """All that the page's main thread does meanwhile, also across a navigation."""
        trace, browser = Trace(), self.page.context.browser
        assert browser
        browser.start_tracing(
            page=self.page, path=file, categories=["toplevel", "disabled-by-default-devtools.timeline"]
        )
        try:
            yield trace
        finally:
            browser.stop_tracing()
        trace.tasks = tasks(json.loads(file.read_text())["traceEvents"])

    def collect(self) -> None:
        """Twice: what the first round lets go of may have held something."""
        for _ in range(2):
            self.cdp.send("HeapProfiler.collectGarbage")

    def heap(self) -> float:
        """Megabytes of JavaScript after a collection."""
        self.collect()
        used: float = self.cdp.send("Runtime.getHeapUsage")["usedSize"]
        return used / 1e6

    def alive(self, kind: str, predicate: str = "() => true") -> int:
        """How many objects of that kind are left in the page, whoever holds them, and satisfy the predicate."""
        self.collect()
        group = {"objectGroup": "gauge"}
        prototype = self.cdp.send("Runtime.evaluate", {"expression": f"{kind}.prototype", **group})
        found = self.cdp.send(
            "Runtime.queryObjects", {"prototypeObjectId": prototype["result"]["objectId"], **group}
        )
        counted = self.cdp.send(
            "Runtime.callFunctionOn",
            {
                "functionDeclaration": f"function () {{ return this.filter({predicate}).length; }}",
                "objectId": found["objects"]["objectId"],
                "returnByValue": True,
            },
        )
        self.cdp.send("Runtime.releaseObjectGroup", {"objectGroup": "gauge"})
        number: int = counted["result"]["value"]
        return number


def tasks(events: list[dict[str, Any]], until: str | None = None) -> list[float]:
    """CPU milliseconds of every task on the main thread of the renderer that did the most.

    `until`: a mark of the page; what began after it doesn't count.
    """
    mains = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    end = min((e["ts"] for e in events if e["name"] == until), default=float("inf"))
    by_thread: dict[tuple[int, int], list[dict[str, Any]]] = {}
    for event in events:
        thread = (event["pid"], event["tid"])
        if thread in mains and event["name"] == "RunTask" and event["ph"] == "X" and event["ts"] < end:
            by_thread.setdefault(thread, []).append(event)
    busiest = max(by_thread.values(), key=len, default=[])
    assert busiest, "the trace has no tasks"
    return [event.get("tdur", event["dur"]) / 1000 for event in sorted(busiest, key=lambda e: float(e["ts"]))]


def middle(values: list[float]) -> float:
    return sorted(values)[len(values) // 2]


def p95(values: list[float]) -> float:
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


def within(budget: float, measure: Callable[[], float], tries: int = 3) -> float:
    """The first measure within its budget, or the best of all tries: noise only ever adds."""
    best = float("inf")
    for _ in range(tries):
        best = min(best, measure())
        if best <= budget:
            break
    return best
