"""A document of the books on paper, in the reader's language.

Law: it says what was sent and nothing of today, but what a plan is called.
"""

from __future__ import annotations

from folkmoot.billing.documents import Document, Series
from folkmoot.billing.lines import Kind, Line
from folkmoot.billing.plans import Plans
from folkmoot.paper import Beside, Column, Heading, Language, Paper, Part, Table, Text, written

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "invoice": "Invoice {number}", "credit_note": "Credit note {number}", "day": "Date: {day}", "due": "To be paid by {day}",
        "corrects": "Corrects {number}", "for": "For", "how": "How it comes about", "amount": "Amount", "net": "Net", "total": "Total",
        "reverse": "Reverse charge: the customer accounts for the tax", "tax_number": "Tax number: {number}",
        Kind.SEATS: "{seats} seats, {plan}", Kind.SEATS_ADDED: "{seats} seats added, {plan}", Kind.REST_OF_BEFORE: "Rest of {plan} given back",
        Kind.REST_OF_PERIOD: "{plan} to the period's end", Kind.CREDIT_NOTE: "Credit note",
    },
    "zh-CN": {
        "invoice": "发票 {number}", "credit_note": "贷项通知单 {number}", "day": "日期：{day}", "due": "请于 {day} 前付清",
        "corrects": "更正 {number}", "for": "项目", "how": "计算方式", "amount": "金额", "net": "净额", "total": "总额",
        "reverse": "反向征收：税款由客户自行申报", "tax_number": "税号：{number}",
        Kind.SEATS: "{seats} 个席位，{plan}", Kind.SEATS_ADDED: "新增 {seats} 个席位，{plan}", Kind.REST_OF_BEFORE: "退还 {plan} 剩余部分",
        Kind.REST_OF_PERIOD: "{plan}，至本期末", Kind.CREDIT_NOTE: "贷项通知单",
    },
}  # fmt: skip


def printed(made: Document, plans: Plans, language: Language, operator: str) -> bytes:
    """A PDF. `operator`: who runs the server, as its foot names it."""
    words = WORDS[language]
    kind = "invoice" if made.series is Series.INVOICE else "credit_note"
    title = words[kind].format(number=made.number)
    facts = [Text(words["day"].format(day=made.issued_on))]
    if made.series is Series.INVOICE:
        facts.append(Text(words["due"].format(day=made.due_on)))
    if made.corrects:
        facts.append(Text(words["corrects"].format(number=made.corrects)))
    columns = (
        Column(words["for"], share=3),
        Column(words["how"], share=4),
        Column(words["amount"], share=2, right=True),
    )
    rows = [(_called(line, plans, words), _why(line), str(line.amount)) for line in made.lines]
    table = Table(columns, [*rows, *_taxes(made, words)], total=(words["total"], "", str(made.total)))
    parts: list[Part] = [Heading(title), Beside(_customer(made, words), facts), table]
    return written(Paper(title, language, made.issued_on, parts, foot=operator))


def _customer(made: Document, words: dict[str, str]) -> list[Text]:
    to = made.customer
    lines = [to.name, *to.address.splitlines(), to.country]
    if to.tax_number:
        lines.append(words["tax_number"].format(number=to.tax_number))
    return [Text(line) for line in lines if line.strip()]


def _taxes(made: Document, words: dict[str, str]) -> list[tuple[str, str, str]]:
    if made.customer.reverse_charge:
        return [(words["reverse"], "", str(made.tax.amount))]
    if not made.tax.name:
        return []
    rate = f"{made.tax.rate / 100:g} %"
    return [(words["net"], "", str(made.net)), (f"{made.tax.name} {rate}", "", str(made.tax.amount))]


def _called(line: Line, plans: Plans, words: dict[str, str]) -> str:
    plan = plans[line.plan].name if line.plan and line.plan in plans else line.plan or ""
    return words[line.kind].format(seats=line.seats, plan=plan)


def _why(line: Line) -> str:
    if line.kind is Kind.CREDIT_NOTE:
        return line.note
    return f"{line.first} – {line.last}: {line.reason}"
