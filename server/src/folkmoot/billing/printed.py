"""An invoice or a credit note on paper.

Law: it says what the document says and nothing that was done later: whether it was paid meanwhile stands on its page, not here. A plan
is called what it was called then; of an older document, that didn't say, what it is called now.
"""

from __future__ import annotations

from datetime import date

from folkmoot.billing.documents import Customer, Document, Series
from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.money import Money
from folkmoot.billing.plans import Plans, called
from folkmoot.paper import Beside, Column, Heading, Language, Paper, Part, Table, Text

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "invoice": "Invoice {number}",
        "credit_note": "Credit note {number}",
        "corrects": "It corrects invoice {number}.",
        "from": "From",
        "to": "To",
        "tax_number": "Tax number: {number}",
        "issued": "Issued on {day}",
        "due": "To be paid by {day}",
        "for": "For",
        "days": "Days",
        "how": "How it came about",
        "amount": "Amount",
        "net": "Before tax",
        "tax": "{name} {rate}%",
        "no_tax": "No tax",
        "reverse": "Reverse charge: the tax is owed by who receives this invoice.",
        "total": "Total",
        "seats": "{plan}, {count}",
        "seats_added": "{plan}, {count} added",
        "rest_of_before": "{plan}, {count}, given back",
        "rest_of_period": "{plan}, {count}, for the rest of the period",
        "line_credit_note": "Credit note",
        "one": "1 seat",
        "many": "{seats} seats",
    },
    "zh-CN": {
        "invoice": "发票 {number}",
        "credit_note": "贷项通知单 {number}",
        "corrects": "本单更正发票 {number}。",
        "from": "开具方",
        "to": "收件方",
        "tax_number": "税号：{number}",
        "issued": "开具日期：{day}",
        "due": "请于 {day} 前付款",
        "for": "项目",
        "days": "期间",
        "how": "计算方式",
        "amount": "金额",
        "net": "税前",
        "tax": "{name} {rate}%",
        "no_tax": "免税",
        "reverse": "反向征收：税款由收到本发票的一方申报缴纳。",
        "total": "合计",
        "seats": "{plan}，{count}",
        "seats_added": "{plan}，增加 {count}",
        "rest_of_before": "{plan}，{count}，退回",
        "rest_of_period": "{plan}，{count}，本期剩余部分",
        "line_credit_note": "贷项通知单",
        "one": "1 个席位",
        "many": "{seats} 个席位",
    },
}


def printed(one: Document, plans: Plans, seller: str, language: Language) -> Paper:
    """`seller`: what the site is called, where the document says nobody."""
    say = WORDS[language]
    title = say["invoice" if one.series is Series.INVOICE else "credit_note"].format(number=one.number)
    parts: list[Part] = [
        Heading(title),
        *(Text(line) for line in _dates(one, language)),
        Beside(
            [Text(say["from"], "label"), Text(one.seller or seller)],
            [Text(say["to"], "label"), *_to(one.customer, say)],
        ),
        _table(one, plans, language),
    ]
    if one.customer.reverse_charge:
        parts.append(Text(say["reverse"], "small"))
    return Paper(title, language, one.issued_on, parts, author=seller, foot=seller)


def _dates(one: Document, language: Language) -> list[str]:
    say = WORDS[language]
    said = [say["issued"].format(day=_day(one.issued_on, language))]
    if one.series is Series.INVOICE and one.total.amount > 0:
        said.append(say["due"].format(day=_day(one.due_on, language)))
    if one.corrects:
        said.append(say["corrects"].format(number=one.corrects))
    return said


def _to(customer: Customer, say: dict[str, str]) -> list[Text]:
    number = [Text(say["tax_number"].format(number=customer.tax_number))] if customer.tax_number else []
    return [Text(customer.name, "strong"), Text(f"{customer.address}\n{customer.country}"), *number]


def _table(one: Document, plans: Plans, language: Language) -> Table:
    say = WORDS[language]
    columns = (
        Column(say["for"], share=3),
        Column(say["days"], share=4),
        Column(say["how"], share=4),
        Column(say["amount"], right=True, share=2),
    )
    rows = [_row(line, plans, language) for line in one.lines]
    sums = [(say["net"], "", "", _money(one.net)), (_tax(one, say), "", "", _money(one.tax.amount))]
    return Table(columns, [*rows, *sums], total=(say["total"], "", "", _money(one.total)))


def _row(line: Line, plans: Plans, language: Language) -> tuple[str, str, str, str]:
    days = " – ".join(dict.fromkeys(_day(day, language) for day in (line.first, line.last)))
    return (_for(line, plans, WORDS[language]), days, line.reason, _money(line.amount))


def _for(line: Line, plans: Plans, say: dict[str, str]) -> str:
    if line.kind is Kind.CREDIT_NOTE:
        return say["line_credit_note"]
    count = say["one" if line.seats == 1 else "many"].format(seats=line.seats)
    return say[line.kind].format(
        plan=line.called or called(line.plan, plans) if line.plan else "", count=count
    )


def _tax(one: Document, say: dict[str, str]) -> str:
    if not one.tax.rate:
        return say["no_tax"]
    whole, rest = divmod(one.tax.rate, 100)
    return say["tax"].format(name=one.tax.name, rate=f"{whole}.{rest:02}".rstrip("0").rstrip("."))


def _money(amount: Money) -> str:
    """The code stands beside it: a sign may be several countries'."""
    return str(amount).replace("-", "\N{MINUS SIGN}")


def _day(day: date, language: Language) -> str:
    return (
        f"{day.year}年{day.month}月{day.day}日" if language == "zh-CN" else f"{day:%b} {day.day}, {day.year}"
    )
