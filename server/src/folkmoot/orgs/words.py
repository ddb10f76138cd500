"""What mails of organisations say, in the reader's language."""

from __future__ import annotations

from folkmoot.mail import Message

WORDS = {
    "invited": {
        "en": (
            "{who} invites you to {org}",
            "Hello,\n\n{who} invites you to the organisation {org} at {site}. Open this link to see what that means, and to say yes or no:\n\n{link}\n\nIt works once, for two weeks. If you do nothing, nothing happens.\n",
        ),
        "zh-CN": (
            "{who} 邀请你加入 {org}",
            "你好：\n\n{who} 邀请你加入 {site} 上的组织“{org}”。打开以下链接，了解详情并决定是否加入：\n\n{link}\n\n链接两周内有效，只能使用一次。不处理则不会有任何变化。\n",
        ),
    },
    "asked": {
        "en": (
            "{org} has proven {domain}: do you want to join?",
            "Hello {name},\n\nthe organisation {org} has proven that {domain} is its own, and your account at {site} has an address there. You are asked whether you want to be a member. If you say yes, colleagues see you, and the organisation's rules hold for your meetings. If you say no, or nothing, everything stays as it is.\n\n{link}\n",
        ),
        "zh-CN": (
            "{org} 已验证 {domain}：你要加入吗？",
            "{name}，你好：\n\n组织“{org}”已证明 {domain} 属于该组织，而你在 {site} 的账号使用了该域名的邮箱。现在询问你是否愿意加入。加入后，同事能看到你，组织的规则适用于你的会议。不加入或不回复，一切保持不变。\n\n{link}\n",
        ),
    },
    "joined": {
        "en": (
            "You are a member of {org} now",
            "Hello {name},\n\nyour new account at {site} has an address of {domain}, which belongs to the organisation {org}. By its rule you are a member. You can leave at any time:\n\n{link}\n",
        ),
        "zh-CN": (
            "你已成为 {org} 的成员",
            "{name}，你好：\n\n你在 {site} 的新账号使用了 {domain} 的邮箱，该域名属于组织“{org}”。按其规则，你已成为成员。你可以随时退出：\n\n{link}\n",
        ),
    },
    "lost": {
        "en": (
            "{domain} is another organisation's now",
            "Hello {name},\n\nanother organisation at {site} has shown in the DNS that {domain} is its own, and the record that says it belongs to {org} isn't there. So {org} has it no more: nobody else is asked or joins for its sake. Members stay members. If the domain is still yours, put your record back and prove it again:\n\n{link}\n",
        ),
        "zh-CN": (
            "{domain} 现已归另一个组织",
            "{name}，你好：\n\n{site} 上的另一个组织已通过 DNS 证明 {domain} 属于他们，而证明它属于“{org}”的记录已不存在。因此“{org}”不再拥有该域名，不会再有人因它被询问或加入。现有成员不受影响。如果该域名仍属于你们，请恢复记录并重新验证：\n\n{link}\n",
        ),
    },
    "missing": {
        "en": (
            "Nothing shows any more that {domain} is yours",
            "Hello {name},\n\n{org} has proven that {domain} is its own. We looked again, and nothing shows it now. Until {until} everything stays as it is. If nothing shows it by then, nobody else is asked or joins for the sake of {domain}; members stay members in any case.\n\nIf the domain is yours, put this TXT record into the DNS and leave it there:\n\n{record}\n{value}\n\nOr have a code mailed to its postmaster:\n\n{link}\n",
        ),
        "zh-CN": (
            "目前无法确认 {domain} 仍属于你们",
            "{name}，你好：\n\n“{org}”曾证明 {domain} 属于该组织。我们重新检查时，已找不到任何证明。在 {until} 之前一切保持不变。如果届时仍无证明，将不会再有人因 {domain} 被询问或加入；现有成员始终不受影响。\n\n如果该域名仍属于你们，请在 DNS 中添加以下 TXT 记录并一直保留：\n\n{record}\n{value}\n\n或者将验证码发送给该域名的 postmaster：\n\n{link}\n",
        ),
    },
    "lapsed": {
        "en": (
            "{domain} is no longer proven",
            "Hello {name},\n\nfor a month nothing has shown that {domain} belongs to {org}, and you were told twice. So nobody else is asked or joins for its sake. Members stay members, and nothing else was changed. If the domain is yours, prove it again:\n\n{link}\n",
        ),
        "zh-CN": (
            "{domain} 的验证已失效",
            "{name}，你好：\n\n一个月来，没有任何证明显示 {domain} 属于“{org}”，我们已提醒过两次。因此不会再有人因该域名被询问或加入。现有成员不受影响，其他一切未变。如果该域名属于你们，请重新验证：\n\n{link}\n",
        ),
    },
    "domain": {
        "en": (
            "Code for {domain} at {site}",
            "Hello,\n\nsomebody of the organisation {org} at {site} says that {domain} is theirs, and asks you, who look after its mail, to confirm that. If it is so, give them this code:\n\n{code}\n\nIt is good for 30 minutes. If you know nothing of it, ignore this mail.\n\n{link}\n",
        ),
        "zh-CN": (
            "{site} 上 {domain} 的验证码",
            "你好：\n\n{site} 上组织“{org}”的人员表示 {domain} 属于他们，请负责该域名邮件的你确认。如果属实，请把此验证码交给他们：\n\n{code}\n\n验证码 30 分钟内有效。如果你不知情，请忽略此邮件。\n\n{link}\n",
        ),
    },
}


def message(what: str, to: str, language: str, **told: str) -> Message:
    words = WORDS[what]
    subject, text = words.get(language, words["en"])
    return Message(to, subject.format(**told), text.format(**told), language if language in words else "en")
