"""What an organisation's owners are told when an invoice couldn't be collected: why, as far as the provider says, and what happens next."""

from __future__ import annotations

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from folkmoot.billing import store
from folkmoot.billing.words import LETTER, to_owners
from folkmoot.mail import Message
from folkmoot.orgs import OrgId, Orgs

SUBJECT = {"en": "Invoice {number} couldn't be collected", "zh-CN": "发票 {number} 未能自动扣款"}
OPEN = {
    "en": "{amount} of invoice {number} of {org} at {site} couldn't be collected by the way to pay that you saved: {why}",
    "zh-CN": "{site} 上“{org}”的发票 {number} 有 {amount} 未能通过你保存的付款方式扣款：{why}",
}
WHY = {
    "insufficient_funds": ("there isn't enough on the account.", "账户余额不足。"),
    "expired_card": ("the card has expired.", "银行卡已过期。"),
    "authentication_required": ("the bank wants to hear it from you.", "银行需要你本人确认。"),
    "resource_missing": ("the provider doesn't have it any more.", "支付服务商处已没有该付款方式。"),
    "": ("the bank declined.", "银行拒绝了扣款。"),
}
"""By the provider's word."""
AGAIN = {
    "en": "It is tried again on {day}. You needn't wait: pay it yourself, or save another way to pay: {link}\n\nMeetings go on as they are.",
    "zh-CN": "系统将于 {day} 再次尝试。你也可以立即自行付款，或保存其他付款方式：{link}\n\n会议一切照常。",
}
NO_MORE = {
    "en": "It isn't tried again by itself. Pay it yourself, or save another way to pay: {link}\n\nMeetings go on as they are.",
    "zh-CN": "系统不再自动尝试。请自行付款，或保存其他付款方式：{link}\n\n会议一切照常。",
}


async def say(
    at: Orgs, connection: AsyncConnection, org: OrgId, number: str, why: str, again_on: date | None
) -> None:
    """Nothing where there is no mail server."""
    invoice = await store.document(connection, number)
    if invoice is None:
        return
    amount = str(await store.asked(connection, invoice))
    link = f"{at.accounts.settings.origin}/org/plan/{number}"

    def written(to: str, language: str, **told: str) -> Message:
        return message(to, language, why, again_on, number=number, amount=amount, link=link, **told)

    await to_owners(at, connection, org, written)


def message(to: str, language: str, why: str, again_on: date | None, **told: str) -> Message:
    said = language if language in LETTER else "en"
    reason = WHY.get(why, WHY[""])[said != "en"]
    text = (AGAIN if again_on else NO_MORE)[said].format(day=again_on, **told)
    letter = LETTER[said].format(name=told["name"], open=OPEN[said].format(why=reason, **told), text=text)
    return Message(to, SUBJECT[said].format(**told), letter, said)
