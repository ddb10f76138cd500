"""What mails about own addresses and senders say, in the reader's language."""

from __future__ import annotations

from folkmoot.mail import Message

WORDS = {
    "leaves": {
        "en": (
            "{host} stops being your meetings' address",
            "Hello {name},\n\n{org} has used {host} as the address of its meetings at {site}. {why}\n\nNobody is kept out of a meeting: until {until} whoever opens a link with {host} is sent on to {site}, into the same meeting, as long as the DNS leads here. New links name {site}.\n\n{link}\n",
        ),
        "zh-CN": (
            "{host} 将不再是你们会议的地址",
            "{name}，你好：\n\n“{org}”一直使用 {host} 作为其在 {site} 上的会议地址。{why}\n\n不会有人因此无法入会：在 {until} 之前，只要 DNS 仍指向这里，打开 {host} 链接的人都会被带到 {site} 上的同一个会议。新链接使用 {site}。\n\n{link}\n",
        ),
    },
    "back": {
        "en": (
            "{host} is your meetings' address again",
            "Hello {name},\n\nwhat was missing is there again: {host} is the address of {org}'s meetings at {site} as before.\n\n{link}\n",
        ),
        "zh-CN": (
            "{host} 重新成为你们会议的地址",
            "{name}，你好：\n\n缺少的条件已恢复：{host} 重新成为“{org}”在 {site} 上的会议地址。\n\n{link}\n",
        ),
    },
    "fails": {
        "en": (
            "{host} no longer leads to your meetings",
            "Hello {name},\n\nsince a day {host} doesn't lead to {site} any more: {why} New links to meetings of {org} name {site} until it does. Links that were given away with {host} don't open meanwhile; everybody can open the same meeting at {site}, with the same number and what follows it.\n\nWhat the DNS must say stands here:\n\n{link}\n",
        ),
        "zh-CN": (
            "{host} 已无法通往你们的会议",
            "{name}，你好：\n\n一天以来，{host} 不再指向 {site}：{why}在恢复之前，“{org}”会议的新链接使用 {site}。已发出的 {host} 链接暂时无法打开；任何人都可以在 {site} 用同样的号码和后面的内容打开同一个会议。\n\nDNS 需要的记录见：\n\n{link}\n",
        ),
    },
    "unsent": {
        "en": (
            "Mails of {org} are no longer from {address}",
            "Hello {name},\n\n{why} So that mails about meetings of {org} still arrive, they are from {site}'s own address from now on, with the name of {org} in it. As soon as it is mended they are from {address} again.\n\nWhat the DNS must say stands here:\n\n{link}\n",
        ),
        "zh-CN": (
            "“{org}”的邮件不再从 {address} 发出",
            "{name}，你好：\n\n{why}为了让“{org}”的会议邮件仍能送达，今后将使用 {site} 自己的地址发出，并带上“{org}”的名称。恢复后会重新使用 {address}。\n\nDNS 需要的记录见：\n\n{link}\n",
        ),
    },
    "trial": {
        "en": (
            "Mails of {org} look like this",
            "Hello {name},\n\nyou asked for this mail at {site}. Look at who it is from: so mails about meetings of {org} are from, too. If it lies among what your mail program takes for junk, others' do as well.\n\n{link}\n",
        ),
        "zh-CN": (
            "“{org}”的邮件看起来是这样",
            "{name}，你好：\n\n这是你在 {site} 请求的测试邮件。请看发件人：“{org}”的会议邮件也会这样显示。如果它被归入垃圾邮件，其他人收到的也会如此。\n\n{link}\n",
        ),
    },
}
WHY = {
    "removed": {"en": "One of its owners took it out.", "zh-CN": "一位所有者已将其移除。"},
    "service": {"en": "Its plan doesn't hold that any more; as soon as one does, it works again.", "zh-CN": "其套餐已不再包含此项；恢复后即可继续使用。"},
    "proof": {"en": "Nothing proves its domain any more; as soon as it is proven, it works again.", "zh-CN": "已无法证明其域名归属；重新验证后即可继续使用。"},
    "dissolved": {"en": "The organisation is no more.", "zh-CN": "该组织已解散。"},
    "no_record": {"en": "the DNS knows no such name.", "zh-CN": "DNS 中没有这个名称。"},
    "elsewhere": {"en": "the DNS leads elsewhere.", "zh-CN": "DNS 指向了别处。"},
    "certificate": {"en": "its certificate doesn't hold.", "zh-CN": "其证书无效。"},
    "away": {"en": "nobody answers there.", "zh-CN": "没有服务器应答。"},
    "stranger": {"en": "another server answers there.", "zh-CN": "应答的是另一台服务器。"},
    "spf": {"en": "The DNS doesn't say any more that this server may send for that address.", "zh-CN": "DNS 已不再允许本服务器为该地址发送邮件。"},
}  # fmt: skip
"""Also by the language of who reads it."""


def why(word: str, language: str) -> str:
    return WHY[word].get(language, WHY[word]["en"])


def message(what: str, to: str, language: str, **told: str) -> Message:
    words = WORDS[what]
    subject, text = words.get(language, words["en"])
    said = {**told, "why": why(told["why"], language)} if "why" in told else told
    return Message(to, subject.format(**said), text.format(**said), language if language in words else "en")
