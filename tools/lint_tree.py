"""What the tree may not hold: names that say nothing, and what belongs to one machine.

A file called `utils` has no subject, so everything ends up in it. A path of somebody's machine or the host of a package
index is true in one place only. Prints one line a breach.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

SAY_NOTHING = frozenset(
    {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "service", "services"}
)
CODE = frozenset({".py", ".pyi", ".rs", ".ts", ".tsx", ".js", ".css", ".sh"})

# Written in pieces, so that this file may hold them.
OF_ONE_MACHINE = re.compile(
    "|".join(
        (
            r"(?<![\w./-])/(?:wo" r"rk|fa" r"rm|ro" r"ot)/",
            r"(?<![\w./-])/home/[a-z]\w*/",
            r"np" r"mjs\.(?:org|com)",
            r"py" r"pi\.org",
            r"python" r"hosted",
            r"proxy\.go" r"lang",
            r"index\.cra" r"tes",
        )
    )
)
GENERATED = ("Cargo.lock",)


def names(path: str) -> Iterator[str]:
    pure = PurePosixPath(path)
    if pure.suffix in CODE and pure.stem in SAY_NOTHING:
        yield f"{path}: a name that says nothing; the glossary has words for what is in it"
    for folder in pure.parts[:-1]:
        if folder in SAY_NOTHING:
            yield f"{path}: {folder}/ says nothing; the glossary has words for what is in it"


def places(path: str, text: str) -> Iterator[str]:
    if PurePosixPath(path).name in GENERATED:
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = OF_ONE_MACHINE.search(line)
        if found:
            yield f"{path}:{number}: {found[0]} is of one machine or one registry"


def main() -> int:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, check=True).stdout
    breaches: list[str] = []
    for path in filter(None, listed.split("\0")):
        breaches += names(path)
        try:
            breaches += places(path, Path(path).read_text())
        except (UnicodeDecodeError, OSError):
            continue  # a picture, or a file that was just removed
    print("\n".join(sorted(set(breaches))), file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
