"""What an organisation's owners are told of an invoice that isn't paid, in their language. It presses nobody: what happens when, and what
doesn't happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.accounts.store import account_of
from folkmoot.billing import store
from folkmoot.billing.documents import Document
from folkmoot.billing.dunning import Step
from folkmoot.billing.money import Money
from folkmoot.mail import Message
from folkmoot.orgs import OrgId, Orgs
from folkmoot.orgs import store as orgs_store
from folkmoot.orgs.orgs import proven

OPEN = {
    "en": "invoice {number} of {org} at {site} was due on {due}, and {amount} of it isn't paid.",
    "zh-CN": "{site} 上“{org}”的发票 {number} 应于 {due} 前付清，目前尚有 {amount} 未付。",
}
WORDS: dict[Step, dict[str, tuple[str, str]]] = {
    Step.REMINDED: {
        "en": (
            "Invoice {number} isn't paid yet",
            "Perhaps it was overlooked. Meetings go on as they are; only more seats have to wait until it is paid. If you have paid, you need do nothing.",
        ),
        "zh-CN": (
            "发票 {number} 尚未付款",
            "可能只是疏忽。会议一切照常，只是付清前不能增加席位。如已付款，无需处理。",
        ),
    },
    Step.REMINDED_AGAIN: {
        "en": (
            "Invoice {number} still isn't paid",
            "Meetings go on as they are. If something is wrong with it, tell whoever runs {site}: it can be corrected.",
        ),
        "zh-CN": ("发票 {number} 仍未付款", "会议一切照常。如发票有误，请联系 {site} 的管理者更正。"),
    },
    Step.WARNED: {
        "en": (
            "From {restricted} on, new meetings have the free plan's limits",
            "If it isn't paid by then, new meetings have the limits of the free plan from {restricted} on. Meetings that run, and all data, stay as they are.",
        ),
        "zh-CN": (
            "自 {restricted} 起，新会议将按免费套餐的限额进行",
            "如届时仍未付清，自 {restricted} 起新会议将适用免费套餐的限额。进行中的会议和所有数据不受影响。",
        ),
    },
    Step.RESTRICTED: {
        "en": (
            "New meetings have the free plan's limits",
            "From today on new meetings have the limits of the free plan. As soon as it is paid they have yours again. All data stays as it is.",
        ),
        "zh-CN": (
            "新会议现按免费套餐的限额进行",
            "自今天起，新会议适用免费套餐的限额。付清后立即恢复。所有数据不受影响。",
        ),
    },
    Step.ENDED: {
        "en": (
            "The subscription of {org} has ended",
            "So it has ended today, and {org} has the free plan. People, meetings and all data stay as they are. What is open stays owed; when it is paid, you can subscribe again.",
        ),
        "zh-CN": (
            "“{org}”的订阅已结束",
            "因此订阅于今天结束，“{org}”改用免费套餐。成员、会议和所有数据不受影响。欠款仍需支付；付清后可重新订阅。",
        ),
    },
}
LETTER = {"en": "Hello {name},\n\n{open}\n\n{text}\n", "zh-CN": "{name}，你好：\n\n{open}\n\n{text}\n"}


async def say(
    at: Orgs, connection: AsyncConnection, org: OrgId, step: Step, number: str, restricted_on: date
) -> None:
    """Nothing where there is no mail server."""
    invoice = await store.document(connection, number)
    if invoice is None:
        return
    asked = await store.asked(connection, invoice)

    def written(to: str, language: str, **told: str) -> Message:
        return message(step, to, language, **told, **_told(invoice, asked, restricted_on))

    await to_owners(at, connection, org, written)


async def to_owners(
    at: Orgs, connection: AsyncConnection, org: OrgId, written: Callable[..., Message]
) -> None:
    """`written`: by address, language, and `name`, `org`, `site`."""
    if at.accounts.post is None:
        return
    found, site = await orgs_store.org_of(connection, org), at.accounts.settings.site
    for owner in await orgs_store.owners(connection, org):
        person = await account_of(connection, owner)
        addresses = proven(person) if person else ()
        if person is None or not addresses:
            continue
        told = {"name": person.name, "org": found.name if found else org, "site": site}
        await at.accounts.post.put(connection, written(addresses[0], person.language, **told))


def message(step: Step, to: str, language: str, **told: str) -> Message:
    said = language if language in LETTER else "en"
    subject, text = WORDS[step][said]
    letter = LETTER[said].format(name=told["name"], open=OPEN[said].format(**told), text=text.format(**told))
    return Message(to, subject.format(**told), letter, said)


def _told(invoice: Document, asked: Money, restricted_on: date) -> dict[str, str]:
    days = {"due": str(invoice.due_on), "restricted": str(restricted_on)}
    return {"number": invoice.number, "amount": str(asked), **days}
