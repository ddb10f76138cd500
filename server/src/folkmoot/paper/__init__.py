"""Documents on paper: A4 as PDF, in English and Chinese.

Law: the same document gives the same bytes, today and in ten years: no clock, no random number, the date is the document's own. The
letters are in it (`fonts/`), so that it reads alike on a machine that has no Chinese ones. It holds no script, no form and no address
that a reader's machine would ask.

    from folkmoot.paper import Column, Heading, Paper, Table, written
    table = Table((Column("For"), Column("Amount", right=True)), [("12 seats, March", "€151.20")], total=("Together", "€151.20"))
    pdf = written(Paper("Invoice 2026-0009", "en", date(2026, 3, 1), [Heading("Invoice 2026-0009"), table]))
"""

from folkmoot.paper.parts import (
    Bar,
    Bars,
    Beside,
    Column,
    Figure,
    Figures,
    Heading,
    Keep,
    Language,
    Lines,
    NewPage,
    Paper,
    Part,
    Table,
    Text,
)
from folkmoot.paper.setting import written

__all__ = [
    "Bar",
    "Bars",
    "Beside",
    "Column",
    "Figure",
    "Figures",
    "Heading",
    "Keep",
    "Language",
    "Lines",
    "NewPage",
    "Paper",
    "Part",
    "Table",
    "Text",
    "written",
]
