"""The board pack: one quarter on paper, every figure with what it is; headings and columns lead back to it.

Law: it says what the page says, from the same report; made-up figures are marked on each page. Its date is the quarter's last day, so
that the same figures are the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial

from folkmoot.growth.figures import Figures
from folkmoot.growth.report import Report
from folkmoot.growth.words import WORDS, ZH, change, money, month, percent, span, when
from folkmoot.kit.currency import minor_units
from folkmoot.paper import (
    Bar,
    Bars,
    Beside,
    Column,
    Figure,
    Keep,
    Language,
    Lines,
    Paper,
    Part,
    Table,
    Text,
    written,
)
from folkmoot.paper import Figures as Row
from folkmoot.paper import Heading as Head

CUT = 15
"""Rows of a list; the page and the CSV have all."""


def board_pack(shown: Report, language: Language, site: str = "") -> bytes:
    return written(paper_of(shown, language, site))


def paper_of(shown: Report, language: Language, site: str = "") -> Paper:
    words, quarter = WORDS[language], shown.shown.quarter
    named = when(quarter, language)
    parts: list[Part] = [Head(words["head"].format(title=shown.book.title or words["title"], when=named))]
    if shown.shown.end < quarter.last:
        parts.append(Text(words["so_far"].format(month=month(shown.shown.end, language)), "small"))
    for section in (
        _figures,
        _charts,
        _quarters,
        _moved,
        _forecasts,
        _funnel,
        _cohorts,
        _domains,
        _reasons,
        _uncounted,
    ):
        parts += section(shown, language)
    if site:
        at = f"{site}/operator/growth?quarter={quarter.id}"
        parts.append(Text(words["live"].format(at=at), "small"))
    return Paper(
        title=f"{words['title']} {named}",
        language=language,
        dated=quarter.last.last,
        parts=parts,
        author=site,
        foot=words["page"].format(site=site or "Folkmoot", when=named),
        stamp=words["made_up"].format(seed=shown.book.seed) if shown.book.made_up else "",
    )


def _figures(shown: Report, language: Language) -> Iterable[Part]:
    words, f, currency = WORDS[language], shown.shown, shown.book.currency
    said = partial(money, currency=currency, language=language)
    large = said(shown.book.large)

    def on(part: Fraction | None) -> str:
        return words["nothing_before"] if part is None else words["on"].format(change=change(part))

    from_ = words["from"].format(change=change(f.large_grew), before=f"{f.large_before:,}")
    rows: Sequence[tuple[str, str, str]] = (
        ("revenue", said(f.revenue), on(f.revenue_grew)),
        ("profit", said(f.profit), words["margin"].format(part=percent(f.margin))),
        ("over_ten", f"{f.over_ten:,}", on(f.over_ten_grew)),
        ("large", f"{f.large:,}", from_ if f.large_before else words["nothing_before"]),
        ("forecast", *_forecast(shown, language)),
        ("customers", f"{f.customers:,}", ""),
        ("mrr", said(f.mrr), ""),
        ("arr", said(f.arr), ""),
        ("net", percent(f.net_retention), ""),
        ("gross", percent(f.gross_retention), ""),
        ("churn", percent(f.churn), ""),
        ("met", f"{shown.met.daily:,}", ""),
    )  # fmt: skip
    is_ = {
        name: words[f"{name}.is"].format(
            large=large,
            monthly=f"{shown.met.monthly:,}",
            organisations=f"{shown.met.organisations_daily:,}",
            organisations_monthly=f"{shown.met.organisations_monthly:,}",
        )
        for name, _, _ in rows
    }
    return [Row([Figure(words[name], value, more, is_[name], name) for name, value, more in rows])]


def _forecast(shown: Report, language: Language) -> tuple[str, str]:
    ranges = [span(one.low, one.high, shown.book.currency, language) for one in shown.forecasts]
    before = WORDS[language]["raised"].format(before=ranges[-2]) if len(ranges) > 1 else ""
    return (ranges[-1] if ranges else "–"), before


def _charts(shown: Report, language: Language) -> Iterable[Part]:
    words, last = WORDS[language], len(shown.before) - 1
    currency = shown.book.currency
    one = minor_units(currency)
    millions = max(f.revenue for f in shown.before) >= 10**6 * one
    named = currency if language == "en" else ZH.get(currency, currency)
    unit = (f"M {named}" if language == "en" else f"百万{named}") if millions else named

    def revenue(f: Figures) -> tuple[float, str]:
        value = f.revenue / one / (10**6 if millions else 1)
        return value, f"{value:,.1f}" if millions else f"{value:,.0f}"

    def bars(said: Callable[[Figures], tuple[float, str]]) -> list[Bar]:
        each = enumerate(shown.before)
        return [Bar(f"{f.quarter.last.first:%m/%y}", *said(f), n == last) for n, f in each]

    left: list[Part] = [
        Head(words["revenues"].format(unit=unit), 2, "revenue"),
        Bars(bars(revenue)),
    ]
    right: list[Part] = [Head(words["larges"], 2, "large"), Lines(bars(lambda f: (f.large, f"{f.large:,}")))]
    return [Beside(left, right)]


def _quarters(shown: Report, language: Language) -> Iterable[Part]:
    words = WORDS[language]
    said = partial(money, currency=shown.book.currency, language=language)
    names = ("revenue", "profit", "customers", "over_ten", "large", "mrr")
    rows = [
        (when(f.quarter, language), said(f.revenue), said(f.profit), f"{f.customers:,}", f"{f.over_ten:,}", f"{f.large:,}", said(f.mrr))
        for f in shown.before
    ]  # fmt: skip
    columns = [Column("", share=1.6), *(Column(words[name], right=True, leads_to=name) for name in names)]
    return [Keep([Head(words["quarters"], 2), Table(columns, rows, strong=frozenset({len(rows) - 1}))])]


def _moved(shown: Report, language: Language) -> Iterable[Part]:
    words, f = WORDS[language], shown.shown
    said = partial(money, currency=shown.book.currency, language=language)
    moves = (
        ("before", f.mrr_before), ("new_mrr", f.mrr_new), ("back", f.mrr_back), ("more", f.mrr_more), ("less", -f.mrr_less), ("gone", -f.mrr_gone), ("after", f.mrr),
    )  # fmt: skip
    rows = [(words[name], said(amount), said(12 * amount)) for name, amount in moves]
    columns = [
        Column(words["move"], share=2),
        Column(words["mrr"], right=True, leads_to="mrr"),
        Column(words["arr"], right=True, leads_to="arr"),
    ]
    table = Table(columns, rows, strong=frozenset({len(rows) - 1}))
    return [Keep([Head(words["moved"], 2), table, Text(words["moved.is"], "small")])]


def _forecasts(shown: Report, language: Language) -> Iterable[Part]:
    words = WORDS[language]
    said = partial(money, currency=shown.book.currency, language=language)
    rows = [
        (month(f.made, language), said(f.recognised), said(f.contracted), said(f.renewals), span(f.low, f.high, shown.book.currency, language))
        for f in shown.forecasts
    ]  # fmt: skip
    columns = [
        Column(words["made"]),
        *(Column(words[name], right=True) for name in ("recognised", "contracted", "renewals", "range")),
    ]
    return [
        Keep(
            [
                Head(words["forecasts"], 2, "forecast"),
                _table(columns, rows, words),
                Text(words["forecasts.is"], "small"),
            ]
        )
    ]


def _funnel(shown: Report, language: Language) -> Iterable[Part]:
    words = WORDS[language]
    rows = []
    for n, r in enumerate(shown.reached):
        before = shown.reached[n - 1].so_far if n else 0
        share = percent(Fraction(r.so_far, before)) if before else "–"
        days = words["days"].format(n=r.median.days) if r.median is not None else "–"
        rows.append(
            (words["big" if r.step == "large" else r.step], f"{r.many:,}", f"{r.so_far:,}", share, days)
        )
    columns = [Column(words["step"])]
    columns += [Column(words[name], right=True) for name in ("reached", "so_far_head", "share", "median")]
    return [Keep([Head(words["funnel"], 2), _table(columns, rows, words), Text(words["funnel.is"], "small")])]


def _cohorts(shown: Report, language: Language) -> Iterable[Part]:
    words, most = WORDS[language], max((len(one.customers) for one in shown.cohorts), default=0)
    rows = []
    for one in shown.cohorts:
        first = one.customers[0] if one.customers else 0
        kept = [f"{many / first:.0%}" if first else "–" for many in one.customers[1:]]
        rows.append((when(one.began, language), f"{first:,}", *kept, *[""] * (most - 1 - len(kept))))
    later = [Column(words["later"].format(n=n), right=True, share=0.5) for n in range(1, most)]
    columns = [
        Column(words["began"], share=1.5),
        Column(words["at_first"], right=True, share=0.8, leads_to="customers"),
        *later,
    ]
    return [
        Keep([Head(words["cohorts"], 2), _table(columns, rows, words), Text(words["cohorts.is"], "small")])
    ]


def _domains(shown: Report, language: Language) -> Iterable[Part]:
    words = WORDS[language]
    rows = [(one.domain, f"{one.hosts:,}", f"+{one.new:,}") for one in shown.domains[:CUT]]
    columns = [
        Column(words["domain"], share=2),
        Column(words["hosts"], right=True),
        Column(words["new"], right=True),
    ]
    return [Keep([Head(words["domains"], 2), _table(columns, rows, words), Text(words["five"], "small")])]


def _reasons(shown: Report, language: Language) -> Iterable[Part]:
    words = WORDS[language]
    rows = [(reason or words["none"], f"{many:,}") for reason, many in shown.reasons[:CUT]]
    return [
        Keep(
            [
                Head(words["reasons"], 2, "churn"),
                _table([Column(words["reason"], share=3), Column(words["many"], right=True)], rows, words),
                Text(words["reasons.is"], "small"),
            ]
        )
    ]


def _uncounted(shown: Report, language: Language) -> Iterable[Part]:
    if not shown.uncounted:
        return []
    what = ", ".join(f"{money(one.amount, one.currency, language)} ({one.since})" for one in shown.uncounted)
    return [Text(WORDS[language]["uncounted"].format(what=what), "strong")]


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]], words: dict[str, str]) -> Part:
    return Table(columns, rows) if rows else Text(words["nothing"])
