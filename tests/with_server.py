"""Runs a command against a fresh server and takes both down: `python -m tests.with_server COMMAND [WORD ...]`.

`{url}` in a word becomes the server's address; LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET are set.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.product import DEV_KEY, DEV_SECRET, Product


def main(words: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), "--dev")
        product.start()
        environment = {
            **os.environ,
            "LIVEKIT_URL": f"ws://127.0.0.1:{product.port}",
            "LIVEKIT_API_KEY": DEV_KEY,
            "LIVEKIT_API_SECRET": DEV_SECRET,
        }
        try:
            told = [word.replace("{url}", product.address.rstrip("/")) for word in words]
            outcome = subprocess.run(told, env=environment, check=False).returncode
        finally:
            product.stop()
        if outcome:
            print(f"the server's last words:\n{product.log.read_text()[-3000:]}")
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
