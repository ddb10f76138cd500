"""Stripe's own mock server. It keeps no state, and its payments never succeed: webhooks are made and signed by who tests."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

MOCK = Path(__file__).parent / "stripe_mock"
KEY = "sk_test_123"
"""That it takes."""


@contextmanager
def stripes_own(folder: Path) -> Iterator[str]:
    """Its address. Built from its pinned source by Go; STRIPE_MOCK names one that is there."""
    program = os.environ.get("STRIPE_MOCK") or shutil.which("stripe-mock")
    if program is None:
        if shutil.which("go") is None:
            pytest.skip("needs Go to build Stripe's mock server, or STRIPE_MOCK=stripe-mock")
        program = str(folder / "stripe-mock")
        build = ["go", "build", "-trimpath", "-o", program, "github.com/stripe/stripe-mock"]
        subprocess.run(build, cwd=MOCK, check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with subprocess.Popen([program, "-http-addr", f"127.0.0.1:{port}"], stdout=subprocess.DEVNULL) as server:
        try:
            _listens(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def _listens(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.05)
