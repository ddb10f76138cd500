"""What is written on paper: the same bytes each time, with its letters in it."""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from datetime import date

import pytest

from folkmoot.paper import (
    Bar,
    Bars,
    Beside,
    Column,
    Figure,
    Figures,
    Heading,
    Keep,
    Lines,
    NewPage,
    Paper,
    Part,
    Table,
    Text,
    written,
)

TABLE = Table(
    (Column("项目", share=3), Column("金额", right=True)),
    [("席位 <b>&amp;</b> 12", "¥151.20")],
    total=("合计", "¥151.20"),
)
EVERYTHING: list[Part] = [
    Heading("账单 2026-0009"),
    Text("一行\n另一行"),
    Beside([Text("左")], [Text("右", "small")]),
    TABLE,
    Figures([Figure("收入", "6.635 亿美元", "同比 +355%", "每条账单按天分摊。")]),
    Keep([Bars([Bar("7月", 663.5, "663.5", strong=True), Bar("8月", -1, "-1")]), Lines([Bar("7月", 2, "2"), Bar("8月", 3, "3")])]),
    NewPage(),
    Heading("第二页", 2),
]  # fmt: skip
PAPER = Paper(
    "账单 2026-0009",
    "zh-CN",
    date(2026, 3, 1),
    EVERYTHING,
    author="学院",
    foot="meet.example",
    stamp="虚构数据",
)


def streams(pdf: bytes) -> bytes:
    """What is packed in it, unpacked: of the pages alone the library makes text of the packed."""
    packed = re.findall(rb"\[ /FlateDecode \].*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return b"".join(zlib.decompressobj().decompress(one) for one in packed)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b", pdf))


def test_the_same_document_gives_the_same_bytes_in_another_process() -> None:
    here = written(PAPER)
    assert here == written(PAPER)
    says = "import hashlib; from folkmoot.paper import *; from datetime import date; print(hashlib.sha256(written(Paper('账', 'zh-CN', date(2026, 3, 1), [Heading('账')]))).hexdigest())"
    twice = {
        subprocess.run([sys.executable, "-c", says], capture_output=True, check=True).stdout for _ in "ab"
    }
    assert len(twice) == 1


def test_it_says_its_own_date_and_language_and_no_clock_s() -> None:
    pdf = written(PAPER)
    assert set(re.findall(rb"\(D:\d+", pdf)) == {b"(D:20260301000000"}
    assert b"/Lang (zh-CN)" in pdf


def test_the_letters_that_it_shows_are_in_it_and_no_others() -> None:
    pdf = written(PAPER)
    assert b"NotoSansSC" in pdf
    assert pdf.count(b"/FontFile2") >= 2
    assert len(pdf) < 150_000


def test_a_chinese_word_is_found_when_searched_for() -> None:
    """The letters are named in the file (ToUnicode), so that they can be copied and searched for."""
    assert b"".join(f"{ord(char):04X}".encode() for char in "账") in streams(written(PAPER)).upper()


def test_a_column_and_a_heading_lead_to_the_figure_that_they_are_about() -> None:
    figures = Figures([Figure("收入", "1", definition="按天分摊。", mark="revenue")])
    table = Table((Column("收入", leads_to="revenue"),), [("1",)])
    pdf = written(
        Paper("数", "zh-CN", date(2026, 3, 1), [figures, NewPage(), Heading("各期收入", 2, "revenue"), table])
    )
    first = re.findall(rb"/Kids \[ (\d+) 0 R", pdf)[0]
    assert re.findall(rb"/Dest \[ (\d+) 0 R", pdf) == [first, first]
    assert pdf.count(b"/Subtype /Link") == 2


def test_a_long_table_goes_on_over_pages() -> None:
    rows = [(f"line {n}", f"{n}.00") for n in range(120)]
    paper = Paper(
        "Long", "en", date(2026, 3, 1), [Table((Column("For"), Column("Amount", right=True)), rows)]
    )
    assert pages(written(paper)) >= 3


@pytest.mark.parametrize("words", ["<para>", "&", "]]>", "a" * 3000, "好" * 3000, "\x00", "🙂 العربية", ""])
def test_any_words_are_words(words: str) -> None:
    paper = Paper(
        words,
        "en",
        date(2026, 3, 1),
        [Heading(words), Text(words), Table((Column(words[:200]),), [(words,)])],
    )
    assert written(paper).startswith(b"%PDF-")


def test_nothing_at_all_is_a_page() -> None:
    assert pages(written(Paper("Nothing", "en", date(2026, 3, 1), []))) == 1
