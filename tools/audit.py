"""`make audit`: are there known holes in what we build on, and is all of it of a licence and from a source that we take?

Asks pip-audit, cargo-deny and npm for holes. Where the tool or its database isn't reachable, that is said, not passed over in
silence. Licences and sources are read from what is installed and from the locks, so that works without any network.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

TAKEN = re.compile(
    r"\b(apache|mit|bsd|isc|mpl|python software|psf|zlib|unlicen[sc]e|0bsd|cc0|cc-by|blueoak|unicode|openssl|hpnd|python-2|public domain)",
    re.IGNORECASE,
)
ASKED = {
    "Python": ([sys.executable, "-m", "pip_audit", "--strict", "--disable-pip", "--require-hashes", "-r", "requirements.lock"], "."),
    "Rust": (["cargo", "deny", "--manifest-path", "engine/Cargo.toml", "check", "advisories"], "."),
    "npm": (["npm", "audit", "--omit=dev"], "web"),
}  # fmt: skip
FOUND = re.compile(r"found \d+ known vulnerabilit|error\[vulnerability\]|\d+ vulnerabilit", re.IGNORECASE)
WITHIN_S = 120


def main() -> int:
    bad = [f"{where}: known holes" for where in ASKED if _holes(where)]
    bad += [*_python_licences(), *_npm(Path("web/package-lock.json")), *_cargo_sources()]
    for line in bad:
        print(f"FAIL  {line}")
    print(f"{len(bad)} to look at" if bad else "licences and sources are as they should be")
    return 1 if bad else 0


def _holes(where: str) -> bool:
    words, folder = ASKED[where]
    try:
        done = subprocess.run(
            words, cwd=folder, capture_output=True, text=True, check=False, timeout=WITHIN_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"--    {where}: not asked for known holes ({type(error).__name__})")
        return False
    said = done.stdout + done.stderr
    if done.returncode == 0:
        print(f"ok    {where}: no known holes")
    elif FOUND.search(said):
        print(said)
        return True
    else:
        last = (said.strip().splitlines() or ["it said nothing"])[-1]
        print(f"--    {where}: its database of known holes can't be asked here ({last[:120]})")
    return False


def _python_licences() -> Iterator[str]:
    locked = re.findall(r"^([a-z0-9_.-]+)==", Path("requirements.lock").read_text(), re.MULTILINE)
    for name in locked:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system than this one
        licences = " ".join(
            [
                *(about.get_all("License-Expression") or ()),
                *(about.get_all("License") or ()),
                *(line for line in about.get_all("Classifier") or () if line.startswith("License")),
            ]
        )
        if not TAKEN.search(licences):
            yield f"Python {name}: licence {licences[:80] or 'unknown'}"


def _npm(lock: Path) -> Iterator[str]:
    for path, package in json.loads(lock.read_text())["packages"].items():
        if path and not package.get("dev"):
            if not TAKEN.search(str(package.get("license", ""))):
                yield f"npm {path}: licence {package.get('license', 'unknown')}"
            if not package.get("integrity") and not package.get("link"):
                yield f"npm {path}: no hash in the lock"


def _cargo_sources() -> Iterator[str]:
    for package in tomllib.loads(Path("engine/Cargo.lock").read_text())["package"]:
        source = package.get("source", "")
        if source and not (source.startswith("registry+") and package.get("checksum")):
            yield f"Rust {package['name']}: from {source}, not a registry by hash"


if __name__ == "__main__":
    sys.exit(main())
