"""A program by itself: a picture from somebody comes in, the same small, square and plain goes out.

Law: nothing that decodes what a stranger sent runs in the server. This process has no file to open, a second or so of processor
and little memory; what it can't do within them it doesn't. What it writes is drawn anew: of what came nothing is left but colours,
so no place, no camera, no second picture, no script. It knows nothing of ours, so that it starts quickly.
"""

from __future__ import annotations

import errno
import os
import resource
import sys
import warnings
from importlib import import_module
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

KINDS = ("JPEG", "PNG", "WEBP")
PARTS = ("ImageColor", "TiffImagePlugin", "WebPImagePlugin")
"""Of Pillow, which it would load when it comes to them; by then no file can be opened."""
SIDE = 256
PROCESSOR_S, MEMORY = 5, 768 << 20


def main(most_pixels: int) -> int:
    """What the process ends with: `EX_DATAERR` for what can't be read, `EFBIG` for more pixels than may be."""
    Image.preinit()
    for part in PARTS:
        import_module(f"PIL.{part}")
    for what, most in (
        (resource.RLIMIT_CPU, PROCESSOR_S),
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 3),
    ):
        resource.setrlimit(what, (most, most))
    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = most_pixels
    try:
        drawn = redrawn(sys.stdin.buffer.read())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return errno.EFBIG
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError, Warning):
        return os.EX_DATAERR
    sys.stdout.buffer.write(drawn)
    return os.EX_OK


def redrawn(brought: bytes) -> bytes:
    with Image.open(BytesIO(brought), formats=KINDS) as image:
        image.draft("RGB", (2 * SIDE, 2 * SIDE))
        upright = ImageOps.exif_transpose(image)
        whole = upright if upright.mode in ("RGB", "RGBA") else upright.convert("RGBA")
        small = ImageOps.fit(whole, (SIDE, SIDE), Image.Resampling.LANCZOS)
    page = Image.new("RGBA", small.size, "white")  # what can be seen through is white behind
    page.alpha_composite(small.convert("RGBA"))
    written = BytesIO()
    page.convert("RGB").save(written, "WEBP", quality=84)
    return written.getvalue()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
