"""A program by itself: a picture from somebody comes in, the same small and plain goes out; of a person square, of an organisation
(its logo) in the shape it has.

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

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

KINDS = ("JPEG", "PNG", "WEBP")
PARTS = ("ImageColor", "TiffImagePlugin", "WebPImagePlugin")
"""Of Pillow, which it would load when it comes to them; by then no file can be opened."""
SIDE = 256
LOGO, AROUND = (480, 160), 16
"""Three times what pages show, for sharp screens; and the room that is left where a logo had none of its own."""
LIGHT_INK, WHITE, NIGHT = 170, (255, 255, 255), (28, 30, 27)
"""From this brightness on a logo is drawn for dark places. All of 0 to 255."""
PROCESSOR_S, MEMORY = 5, 768 << 20


def main(most_pixels: int, kind: str) -> int:
    """`kind`: `portrait` or `logo`. What the process ends with: `EX_DATAERR` for what can't be read, `EFBIG` for more pixels than may be."""
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
        drawn = KINDS_DRAWN[kind](sys.stdin.buffer.read())
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return errno.EFBIG
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, MemoryError, Warning):
        return os.EX_DATAERR
    sys.stdout.buffer.write(drawn)
    return os.EX_OK


def portrait(brought: bytes) -> bytes:
    small = ImageOps.fit(_whole(brought, (SIDE, SIDE)), (SIDE, SIDE), Image.Resampling.LANCZOS)
    page = Image.new("RGBA", small.size, "white")  # what can be seen through is white behind
    page.alpha_composite(small.convert("RGBA"))
    written = BytesIO()
    page.convert("RGB").save(written, "WEBP", quality=84)
    return written.getvalue()


def logo(brought: bytes) -> bytes:
    """What can be seen through gets the ground behind it that it was drawn for, so that it looks the same in a light page, in a dark
    one, and in a mail."""
    whole = _whole(brought, LOGO).convert("RGBA")
    alpha = whole.getchannel("A")
    seen = alpha.getbbox()
    if seen is None:
        raise ValueError("there is nothing to see")
    is_open = alpha.histogram()[255] < alpha.width * alpha.height
    small = whole.crop(seen)
    around = AROUND if is_open else 0
    small.thumbnail((LOGO[0] - 2 * around, LOGO[1] - 2 * around), Image.Resampling.LANCZOS)
    ink = ImageStat.Stat(small.convert("L"), small.getchannel("A")).mean[0]
    size = (small.width + 2 * around, small.height + 2 * around)
    page = Image.new("RGBA", size, NIGHT if is_open and ink >= LIGHT_INK else WHITE)
    page.alpha_composite(small, (around, around))
    written = BytesIO()
    page.convert("RGB").save(written, "PNG", optimize=True)
    return written.getvalue()


def _whole(brought: bytes, wanted: tuple[int, int]) -> Image.Image:
    """Upright, as large as it came or a little smaller."""
    with Image.open(BytesIO(brought), formats=KINDS) as image:
        image.draft("RGB", (2 * wanted[0], 2 * wanted[1]))
        upright = ImageOps.exif_transpose(image)
        return upright.copy() if upright.mode in ("RGB", "RGBA") else upright.convert("RGBA")


KINDS_DRAWN = {"portrait": portrait, "logo": logo}

if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
