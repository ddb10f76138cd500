"""Is there a Rust that builds the engine? If not: which is needed and how to get it. Rust comes from no package index."""

from __future__ import annotations

import re
import subprocess
import sys

NEEDED = (1, 89)

HOW = """
Rust {needed} or newer is needed to build the media engine; {found}.
It is the one thing that `make` can't install by itself. By rustup (https://rustup.rs):

    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile default
    . "$HOME/.cargo/env"

(an older rustup brings a newer Rust with: rustup update stable). A C compiler is needed too: apt install gcc.
"""


def version(said: str) -> tuple[int, int] | None:
    """Of what `cargo --version` says."""
    found = re.match(r"cargo (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None


def refusal(said: str | None) -> str | None:
    found = version(said) if said else None
    if found is not None and found >= NEEDED:
        return None
    state = f"this is {said.strip()}" if said else "no `cargo` was found"
    return HOW.format(needed=".".join(map(str, NEEDED)), found=state)


def main() -> int:
    try:
        said = subprocess.run(["cargo", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        said = None
    complaint = refusal(said)
    if complaint:
        print(complaint, file=sys.stderr)
    return 1 if complaint else 0


if __name__ == "__main__":
    sys.exit(main())
