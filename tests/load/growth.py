"""Growth at its size: ten million events of 400,000 customers, looked at through HTTP and in a browser. Run by `make bench-growth`.

    python -m tests.load.growth [--one-in N] [--data FOLDER] [--write docs/concepts/growth.md]

`--data`: a folder in which such a book is already; else one is made, in minutes. Clocks on the wall are meant for a machine that is
otherwise quiet; CPU time is beside them where a process of ours can tell it.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from playwright.sync_api import sync_playwright

from folkmoot.growth.made_of import FIGURES, MADE_OF
from tests.product import Product

AT, BOOK = "/api/operator/growth", "demo"
ADDRESS, PASSWORD = "ada@example.org", "a long and rare one"
PAINT_S, SLICE_S, CLOSING_S, MEMORY_MB = 1.0, 2.0, 300.0, 1024
TIMES = 5
MARKS = "<!-- bench-growth -->", "<!-- /bench-growth -->"


@dataclass(frozen=True)
class Row:
    what: str
    took: float
    budget: float
    unit: str = "s"

    def __str__(self) -> str:
        said = "yes" if self.took <= self.budget else "**no**"
        return f"| {self.what} | {self.took:,.2f} {self.unit} | {self.budget:,.0f} {self.unit} | {said} |"


def folkmoot(data: Path, *words: str) -> float:
    """CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    typed = f"import getpass; getpass.getpass = lambda _: {PASSWORD!r}; from folkmoot.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", typed, *words, "--data", str(data)], check=True, stdout=subprocess.DEVNULL
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def closing(data: Path) -> Row:
    """With nothing new: what a night costs beside what it brings."""
    return Row("closing, CPU", folkmoot(data, "growth", "import", os.devnull, "--book", BOOK), CLOSING_S)


@contextmanager
def served(data: Path) -> Iterator[Product]:
    product = Product(data, "--dev")
    product.start()
    try:
        yield product
    finally:
        product.stop()


@contextmanager
def signed_in(product: Product) -> Iterator[httpx.Client]:
    with httpx.Client(
        base_url=product.address, headers={"sec-fetch-site": "same-origin"}, timeout=60
    ) as client:
        who = client.post("/api/signin", json={"address": ADDRESS, "password": PASSWORD}).raise_for_status()
        client.headers["cookie"] = "; ".join(
            one.partition(";")[0] for one in who.headers.get_list("set-cookie")
        )
        yield client


def looked(product: Product) -> Iterator[Row]:
    """Each once, so that no answer is one that was kept."""
    with signed_in(product) as client:

        def asked(path: str) -> float:
            begun = time.perf_counter()
            client.get(f"{AT}{path}").raise_for_status()
            return time.perf_counter() - begun

        yield Row("the books, and the last quarter", asked("/books") + asked(f"/books/{BOOK}"), PAINT_S)
        spans = client.get(f"{AT}/books/{BOOK}").json()
        each = [asked(f"/books/{BOOK}?quarter={one['id']}") for one in [*spans["quarters"], *spans["years"]]]
        yield Row(f"any quarter or year, the slowest of {len(each)}", max(each), SLICE_S)
        behind = {one: asked(f"/books/{BOOK}/behind/{one}?quarter=2020-05") for one in FIGURES}
        slowest = max(behind, key=behind.__getitem__)
        yield Row(f"behind a figure, the slowest of {len(behind)} ({slowest})", behind[slowest], SLICE_S)
        events = {
            one: asked(f"/books/{BOOK}/behind/{one}/events?quarter=2020-05")
            for one in FIGURES
            if MADE_OF[one].events
        }
        slowest = max(events, key=events.__getitem__)
        yield Row(f"its events, the slowest of {len(events)} ({slowest})", events[slowest], SLICE_S)
        tables = {
            one: asked(f"/books/{BOOK}/csv/{one}?quarter=2020-05")
            for one in ("customers", "renewals", "revenue-events")
        }
        longest = max(tables, key=tables.__getitem__)
        yield Row(f"a table whole, the slowest of {len(tables)} ({longest})", tables[longest], SLICE_S)
        one = "&organisation=o4001"
        yield Row(
            "of one organisation", asked(f"/books/{BOOK}/behind/revenue/events?quarter=2020-05{one}"), SLICE_S
        )
        yield Row("the board pack", asked(f"/books/{BOOK}/pack?quarter=2020-05"), SLICE_S)


TOLD = {
    "revenue": "66350000000 (+355%)",
    "profit": "18600000000",
    "customers over ten seats": "370200 (+458%)",
    "large customers": "988, from 466",
    "forecast of 2020-04": "1.78–1.80",
    "forecast of 2020-07": "2.37–2.39",
}
"""The story's quarter, in cents and in thousand million."""


def told_wrong(product: Product) -> Iterator[str]:
    """Where what is computed of all the events isn't the story, to the unit."""
    with signed_in(product) as client:
        said = client.get(f"{AT}/books/{BOOK}?quarter=2020-07").json()
    it = said["shown"]
    found = {
        "revenue": f"{it['revenue']} ({it['revenue_grew']:+.0%})",
        "profit": f"{it['profit']}",
        "customers over ten seats": f"{it['over_ten']} ({it['over_ten_grew']:+.0%})",
        "large customers": f"{it['large']}, from {it['large_before']}",
        **{
            f"forecast of {one['made']}": f"{one['low'] / 1e11:.2f}–{one['high'] / 1e11:.2f}"
            for one in said["forecasts"]
        },
    }
    yield from (
        f"{what}: {found.get(what)}, and not {told}" for what, told in TOLD.items() if found.get(what) != told
    )


def painted(product: Product) -> Row:
    """From the address to the first figure, in a browser that was signed in; the middle one of several."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=["--no-sandbox"]
        )
        page = browser.new_page(locale="en")
        page.goto(f"{product.address}signin?next=/operator/overview")
        page.get_by_label(re.compile("mail", re.IGNORECASE)).first.fill(ADDRESS)
        page.locator("input[type=password]").first.fill(PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name="Overview").wait_for()
        took = []
        for _ in range(TIMES):
            begun = time.perf_counter()
            page.goto(f"{product.address}operator/growth", wait_until="commit")
            page.get_by_role("button", name=re.compile("^Revenue, ")).wait_for()
            took.append(time.perf_counter() - begun)
        browser.close()
    return Row("first paint of the page", statistics.median(took), PAINT_S)


def rows(data: Path, one_in: int) -> Iterator[Row]:
    if not (data / "growth" / f"{BOOK}.duckdb").exists():
        yield Row(
            "making, reading and closing the events, CPU",
            folkmoot(data, "growth", "demo", "--one-in", str(one_in)),
            600,
        )
    yield closing(data)
    yield Row(
        "memory, the most of any of these",
        resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
        MEMORY_MB,
        "MiB",
    )
    with served(data) as product:
        folkmoot(data, "admin", "create", ADDRESS, "--name", "Ada", "--operator")
        yield from looked(product)
        yield painted(product)
        if one_in == 1 and (wrong := "; ".join(told_wrong(product))):
            sys.exit(f"the story's quarter isn't given back: {wrong}")


def put(page: Path, table: str) -> None:
    before, _, rest = page.read_text().partition(MARKS[0])
    page.write_text(f"{before}{MARKS[0]}\n{table}\n{MARKS[1]}{rest.partition(MARKS[1])[2]}")


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--one-in", type=int, default=1)
    words.add_argument("--data", type=Path)
    words.add_argument("--write", type=Path)
    said = words.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for row in rows(said.data or Path(folder), said.one_in):
            print(row, flush=True)
            found.append(row)
    if said.write:
        put(said.write, "\n".join(["| what | took | may take | |", "|---|---|---|---|", *map(str, found)]))
    return 0 if all(row.took <= row.budget for row in found) else 1


if __name__ == "__main__":
    sys.exit(main())
