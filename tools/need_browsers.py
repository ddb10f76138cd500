"""Are there browsers for the browser tests? Where Debian's can be installed they are; else this says what to do.

Without Chromium the tests can't run, so its lack fails. Without Firefox those of Firefox are skipped, each by name, so its
lack is only said: not every system has a Firefox that can be driven.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Browser:
    name: str
    package: str
    variable: str
    lack: str
    others: str

    @property
    def usual(self) -> str:
        return f"/usr/bin/{self.package}"

    @property
    def path(self) -> str:
        return os.environ.get(self.variable, self.usual)

    def is_there(self) -> bool:
        return os.access(self.path, os.X_OK)


CHROMIUM = Browser(
    "Chromium", "chromium", "CHROMIUM", "The browser tests need it",
    "any Chromium or Chrome of this year does; name it: make test CHROMIUM=/path/to/chrome",
)  # fmt: skip
FIREFOX = Browser(
    "Firefox", "firefox-esr", "FIREFOX", "The tests of Firefox are SKIPPED",
    "any Firefox from 153 on that is no snap does; name it: make test FIREFOX=/path/to/firefox",
)  # fmt: skip

HOW = """
There is no {it.name} at {it.path}, or where the variable {it.variable} says. {it.lack}. Install it and try again:

    sudo apt-get update && sudo apt-get install -y {it.package}

Other systems: {it.others}
"""


def way_to_install() -> list[str] | None:
    """The words before `apt-get`, or None when it can't be run without asking somebody."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], check=False, capture_output=True).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def install(browser: Browser) -> None:
    """Only where nobody named another one, and nobody need be asked."""
    before = way_to_install() if browser.path == browser.usual else None
    if before is None:
        return
    print(f"── {browser.name}, from Debian", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", browser.package]):
        subprocess.run([*before, "apt-get", *words], check=False, env=environment, stdout=subprocess.DEVNULL)


def is_found(browser: Browser) -> bool:
    if not browser.is_there():
        install(browser)
    if not browser.is_there():
        print(HOW.format(it=browser), file=sys.stderr)
        return False
    return True


def main() -> int:
    found = is_found(CHROMIUM)
    is_found(FIREFOX)
    return 0 if found else 1


if __name__ == "__main__":
    sys.exit(main())
