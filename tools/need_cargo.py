"""Is there what builds the engine: a Rust of this year and a C compiler? If not: which, and how to get it.

Neither comes from a package index, so they are what `make` can't install by itself.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys

NEEDED = (1, 89)

RUST = """
Rust {needed} or newer is needed to build the media engine; {found}.
`make` can't install it by itself. By rustup (https://rustup.rs):

    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile default
    . "$HOME/.cargo/env"

An older rustup brings a newer Rust with: rustup update stable
"""
COMPILER = """
A C compiler is needed to build the media engine's cryptography, and none was found. On Debian: apt install gcc libc6-dev
"""


def version(said: str) -> tuple[int, int] | None:
    """Of what `cargo --version` says."""
    found = re.match(r"cargo (\d+)\.(\d+)", said)
    return (int(found[1]), int(found[2])) if found else None


def refusal(said: str | None, compiler: str | None) -> str | None:
    found = version(said) if said else None
    if found is None or found < NEEDED:
        state = f"this is {said.strip()}" if said else "no `cargo` was found"
        return RUST.format(needed=".".join(map(str, NEEDED)), found=state)
    return COMPILER if compiler is None else None


def main() -> int:
    try:
        said = subprocess.run(["cargo", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        said = None
    complaint = refusal(said, shutil.which("cc") or shutil.which("gcc") or shutil.which("clang"))
    if complaint:
        print(complaint, file=sys.stderr)
    return 1 if complaint else 0


if __name__ == "__main__":
    sys.exit(main())
