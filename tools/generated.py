"""Files that are written from the code: made anew, or held against what they should be (`--check`).

Law: a check writes nothing, and says by which command what is stale is made anew.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def settle(files: Mapping[Path, str], source: str, command: str) -> int:
    """The exit status: 1 where `--check` found a file that is not what `source` says."""
    stale = 0
    for file, text in files.items():
        if "--check" not in sys.argv[1:]:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            stale += 1
            print(f"{file} is not what {source} says: {command}", file=sys.stderr)
    return 1 if stale else 0
