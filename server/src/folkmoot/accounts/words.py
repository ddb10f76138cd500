"""What mails of accounts say, in the reader's language."""

from __future__ import annotations

from folkmoot.mail import Message

WORDS = {
    "confirm": {
        "en": (
            "Confirm your address for {site}",
            "Hello {name},\n\nopen this link to finish your account:\n\n{link}\n\nIt works once, for 30 minutes. If you didn't ask for an account, ignore this mail.\n",
        ),
        "zh-CN": (
            "确认你在 {site} 的邮箱",
            "{name}，你好：\n\n打开以下链接，完成注册：\n\n{link}\n\n链接 30 分钟内有效，只能使用一次。如果不是你本人操作，请忽略此邮件。\n",
        ),
    },
    "known": {
        "en": (
            "You already have an account at {site}",
            "Hello {name},\n\nsomebody, probably you, asked for an account with this address. You have one already: sign in at\n\n{link}\n\nIf you forgot the password, choose “I can't sign in” there. If it wasn't you, ignore this mail.\n",
        ),
        "zh-CN": (
            "你在 {site} 已有账号",
            "{name}，你好：\n\n有人（可能是你本人）用此邮箱申请注册，但该邮箱已有账号。请在此登录：\n\n{link}\n\n忘记密码时，可在登录页选择“无法登录”。如果不是你本人操作，请忽略此邮件。\n",
        ),
    },
    "unknown": {
        "en": (
            "No account with this address at {site}",
            "Hello,\n\nsomebody, probably you, asked for a new password with this address. There is no account with it here. Did you use another address? To make an account:\n\n{link}\n\nIf it wasn't you, ignore this mail.\n",
        ),
        "zh-CN": (
            "此邮箱在 {site} 没有账号",
            "你好：\n\n有人（可能是你本人）用此邮箱申请重设密码，但这里没有使用此邮箱的账号。你是否用了其他邮箱？如需注册：\n\n{link}\n\n如果不是你本人操作，请忽略此邮件。\n",
        ),
    },
    "reset": {
        "en": (
            "Choose a new password for {site}",
            "Hello {name},\n\nopen this link to choose a new password:\n\n{link}\n\nIt works once, for 30 minutes. If you didn't ask for it, ignore this mail; your password stays.\n",
        ),
        "zh-CN": (
            "重设你在 {site} 的密码",
            "{name}，你好：\n\n打开以下链接，设置新密码：\n\n{link}\n\n链接 30 分钟内有效，只能使用一次。如果不是你本人操作，请忽略此邮件，密码不会改变。\n",
        ),
    },
    "address": {
        "en": (
            "Confirm this address for {site}",
            "Hello {name},\n\nopen this link to add this address to your account:\n\n{link}\n\nIt works once, for 30 minutes. If you didn't ask for it, ignore this mail.\n",
        ),
        "zh-CN": (
            "确认此邮箱（{site}）",
            "{name}，你好：\n\n打开以下链接，将此邮箱加入你的账号：\n\n{link}\n\n链接 30 分钟内有效，只能使用一次。如果不是你本人操作，请忽略此邮件。\n",
        ),
    },
    "changed": {
        "en": (
            "Your sign-in at {site} was changed",
            "Hello {name},\n\nyour password or a way to sign in was changed just now. If it wasn't you, take your account back at\n\n{link}\n",
        ),
        "zh-CN": (
            "你在 {site} 的登录方式已更改",
            "{name}，你好：\n\n你的密码或登录方式刚刚被更改。如果不是你本人操作，请在此找回账号：\n\n{link}\n",
        ),
    },
}


def message(what: str, to: str, language: str, name: str, site: str, link: str) -> Message:
    words = WORDS[what]
    subject, text = words.get(language, words["en"])
    told = {"name": name, "site": site, "link": link}
    return Message(to, subject.format(**told), text.format(**told), language if language in words else "en")
