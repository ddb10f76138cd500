from __future__ import annotations

import json

from tools.privileges import CELLS, PAGE, ROLES, SETTINGS, cells, page


def test_what_others_read_is_what_the_table_says() -> None:
    assert (CELLS.read_text(), PAGE.read_text()) == (cells(), page()), "python -m tools.privileges"


def test_every_cell_is_written() -> None:
    told = json.loads(cells())
    assert [(name, [*of["allowed"]]) for name, of in told["settings"].items()] == [
        (name, [*ROLES]) for name in SETTINGS
    ]
    assert told["settings"]["class"]["may"]["member"] == [
        "chat_hosts",
        "draw",
        "files",
        "react",
        "unmute",
        "video",
    ]
    assert "media.screen_share" not in told["settings"]["class"]["allowed"]["guest"]
