"""Is there a Chromium for the browser tests? Where Debian's can be installed it is; else this says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

HOW = """
The browser tests need Chromium, at {path} or where the variable CHROMIUM says. Install it and try again:

    sudo apt-get update && sudo apt-get install -y chromium

Other systems: any Chromium or Chrome of this year does; name it: make test CHROMIUM=/path/to/chrome
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


def main() -> int:
    path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if os.access(path, os.X_OK):
        return 0
    before = way_to_install() if path == "/usr/bin/chromium" else None
    if before is not None:
        print("── Chromium, from Debian", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for words in (["update", "-q"], ["install", "-q", "-y", "--no-install-recommends", "chromium"]):
            subprocess.run(
                [*before, "apt-get", *words], check=False, env=environment, stdout=subprocess.DEVNULL
            )
    if os.access(path, os.X_OK):
        return 0
    print(HOW.format(path=path), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
