"""What mails of the calendar say, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from folkmoot.calendar.model import Occurrence

SUBJECTS: Mapping[str, Mapping[str, str]] = {
    "invited": {"en": "Invitation: {title}, {when}", "zh-CN": "会议邀请：{title}，{when}"},
    "changed": {"en": "Changed: {title}, {when}", "zh-CN": "会议变更：{title}，{when}"},
    "cancelled": {"en": "Cancelled: {title}", "zh-CN": "会议取消：{title}"},
    "changed_once": {"en": "Changed: {title}, {when}", "zh-CN": "会议变更：{title}，{when}"},
    "changed_from": {"en": "Changed: {title}, from {when}", "zh-CN": "会议变更：{title}，自 {when} 起"},
    "changed_until": {"en": "Changed: {title}, until {when}", "zh-CN": "会议变更：{title}，{when} 之前"},
    "cancelled_once": {"en": "Cancelled: {title}, {when}", "zh-CN": "会议取消：{title}，{when}"},
    "cancelled_from": {"en": "Cancelled: {title}, from {when}", "zh-CN": "会议取消：{title}，自 {when} 起"},
    "handed": {"en": "{who} organises now: {title}, {when}", "zh-CN": "会议改由 {who} 组织：{title}，{when}"},
    "rung": {"en": "{who} is calling you: {title}", "zh-CN": "{who} 邀请你立即入会：{title}"},
}
HEADS: Mapping[str, Mapping[str, str]] = {
    "invited": {"en": "{who} invites you to a meeting.", "zh-CN": "{who} 邀请你参加会议。"},
    "changed": {"en": "{who} changed this meeting.", "zh-CN": "{who} 更改了此会议。"},
    "cancelled": {"en": "{who} cancelled this meeting.", "zh-CN": "{who} 取消了此会议。"},
    "changed_once": {
        "en": "{who} changed one time of this meeting. The others stay as they are.",
        "zh-CN": "{who} 更改了其中一次会议，其他各次不变。",
    },
    "changed_from": {
        "en": "{who} changed this meeting from {when} on.",
        "zh-CN": "{who} 更改了自 {when} 起的各次会议。",
    },
    "changed_until": {
        "en": "{who} changed this meeting from {when} on; another mail says how it goes on. What is before that stays as it is.",
        "zh-CN": "{who} 更改了自 {when} 起的各次会议，详见另一封邮件。此前各次不变。",
    },
    "cancelled_from": {
        "en": "{who} cancelled this meeting from {when} on. What is before that stays as it is.",
        "zh-CN": "{who} 取消了自 {when} 起的各次会议，此前各次不变。",
    },
    "cancelled_once": {
        "en": "{who} cancelled one time of this meeting. The others stay as they are.",
        "zh-CN": "{who} 取消了其中一次会议，其他各次不变。",
    },
    "handed": {
        "en": "{who} organises this meeting from now on. Its times and your link stay as they are.",
        "zh-CN": "此会议今后由 {who} 组织，时间和你的链接不变。",
    },
    "rung": {
        "en": "{who} is in the meeting now and asks you to come.",
        "zh-CN": "{who} 正在会议中，请你现在加入。",
    },
}
JOIN: Mapping[str, str] = {
    "en": "Join by your own link. It is for you alone:\n{link}\n\nNo account is needed, and nothing is to be installed.",
    "zh-CN": "通过你的专属链接入会（请勿转发）：\n{link}\n\n无需账号，无需安装。",
}
ANSWER: Mapping[str, str] = {
    "en": "Will you come?\nYes: {yes}\nMaybe: {maybe}\nNo: {no}",
    "zh-CN": "你会参加吗？\n参加：{yes}\n待定：{maybe}\n不参加：{no}",
}
INHERITED: Mapping[str, tuple[str, str]] = {
    "en": (
        "Meetings that are yours to organise now: {count}",
        "Their organiser has gone and left them to you, or to an organisation that you look after. The invited have been told:\n\n{list}\n\nChange or cancel them here:\n{link}\n",
    ),
    "zh-CN": (
        "{count} 场会议现由你组织",
        "原组织者已离开，会议转交给你或你管理的组织，受邀人已收到通知：\n\n{list}\n\n可在此更改或取消：\n{link}\n",
    ),
}
PASSED_ON: Mapping[str, tuple[str, str]] = {
    "en": (
        "{who} handed you a meeting: {title}",
        "{who} handed this meeting to you. You organise it now, and {who} stays a co-host. The invited have been told:\n\n  {title}\n\nKeep it, or give it back, here:\n{link}\n",
    ),
    "zh-CN": (
        "{who} 将会议转交给你：{title}",
        "{who} 已将此会议转交给你。今后由你组织，{who} 仍是联席主持人，受邀人已收到通知：\n\n  {title}\n\n可在此接手或交还：\n{link}\n",
    ),
}
ASKED: Mapping[str, tuple[str, str]] = {
    "en": (
        "{who} asks to be invited: {title}",
        "{who} ({address}) has a way into this meeting and isn't invited:\n\n  {title}\n\nIf they should come, invite them here:\n{link}\n\nIf not, do nothing.\n",
    ),
    "zh-CN": (
        "{who} 请求参加：{title}",
        "{who}（{address}）想参加此会议，但不在邀请名单中：\n\n  {title}\n\n如同意，请在此邀请：\n{link}\n\n如不同意，无需处理。\n",
    ),
}
UNTITLED: Mapping[str, str] = {"en": "Meeting", "zh-CN": "会议"}
REPEATS: Mapping[str, str] = {"en": "repeats", "zh-CN": "重复"}
WAS: Mapping[str, str] = {"en": "Before: {when}", "zh-CN": "原时间：{when}"}
ALSO: Mapping[str, str] = {"en": "Coming times:", "zh-CN": "近期时间："}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS: Mapping[str, tuple[str, ...]] = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "zh-CN": ("周一", "周二", "周三", "周四", "周五", "周六", "周日"),
}


def when(at: datetime, minutes: int, zone: str, language: str) -> str:
    """`Mon 7 Dec 2026, 09:00–10:00 (Europe/Berlin)`."""
    here = at.astimezone(ZoneInfo(zone))
    ends = datetime.fromtimestamp(at.timestamp() + minutes * 60, ZoneInfo(zone))
    day = DAYS[language][here.weekday()]
    times = f"{here:%H:%M}–{ends:%H:%M} ({zone})"
    if language == "zh-CN":
        return f"{here.year}年{here.month}月{here.day}日{day} {times}"
    return f"{day} {here.day} {MONTHS[here.month - 1]} {here.year}, {times}"


def listed(several: list[Occurrence], zone: str, language: str) -> str:
    """In the reader's own time."""
    lines = (f"  {when(one.starts_at, one.minutes, zone, language)}" for one in several)
    return "\n".join((ALSO[language], *lines))
