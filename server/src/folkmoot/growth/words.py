"""The words of a board pack, in both languages, and how it writes numbers. The page has words of its own."""

from __future__ import annotations

from fractions import Fraction

from folkmoot.growth.months import Month, Quarter
from folkmoot.kit.currency import minor_units
from folkmoot.paper import Language

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥"}
ZH = {"USD": "美元", "EUR": "欧元", "GBP": "英镑", "CNY": "元"}
STEPS_OF = {
    "en": ((10**9, 2, " bn"), (10**6, 1, " M"), (1, 0, "")),
    "zh-CN": ((10**8, 3, "亿"), (10**4, 1, "万"), (1, 0, "")),
}

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Growth", "head": "{title}, {when}", "made_up": "Made-up data, seed {seed}", "page": "{site} · {when}", "so_far": "up to {month}",
        "revenue": "Revenue", "profit": "Profit", "customers": "Customers", "over_ten": "Customers, over 10 seats",
        "large": "Large customers", "forecast": "Forecast of the year", "mrr": "MRR", "arr": "ARR", "net": "Net retention",
        "gross": "Gross retention", "churn": "Churn", "met": "People in meetings",
        "on": "{change} on the year", "margin": "{part} of revenue", "from": "{change}, from {before}", "raised": "before: {before}",
        "revenue.is": "Each invoice line spread by the day over the days it is for.",
        "profit.is": "Revenue less the costs that were entered, by the day.",
        "customers.is": "Organisations with a subscription that costs something, on the last day.",
        "over_ten.is": "Of those, with more than ten seats.",
        "large.is": "More than {large} recognised in the last twelve months.",
        "forecast.is": "Recognised so far, contracted or paid ahead, and renewals as customers of the same age did.",
        "mrr.is": "What all subscriptions cost a month on the last day.", "arr.is": "Twelve times that.",
        "net.is": "Of the MRR a year ago, month by month, with what was added.",
        "gross.is": "Of the MRR a year ago, less what was given back and who left.",
        "churn.is": "Customers who left, of those at the beginning.",
        "met.is": "The most on a day; {monthly} in a month.",
        "revenues": "Revenue by quarter, {unit}", "larges": "Large customers at the end of each",
        "forecasts": "Forecasts", "made": "Made of", "range": "From–to", "recognised": "Recognised", "contracted": "Contracted", "renewals": "Renewals",
        "funnel": "From person to large customer", "step": "Step", "reached": "Reached it", "median": "Median time", "days": "{n} days",
        "person": "Person", "host": "Host", "organisation": "Organisation", "paying": "Paying", "big": "Large",
        "cohorts": "Customers kept, by the quarter they began in", "began": "Began in", "at_first": "Customers", "later": "+{n}",
        "domains": "Many hosts, no organisation yet", "domain": "Domain", "hosts": "Hosts", "new": "New in 30 days",
        "reasons": "Why customers left", "reason": "Reason", "many": "Customers", "none": "None given",
        "uncounted": "Not counted, for want of a rate: {what}.", "nothing": "Nothing.", "quarters": "Quarters",
        "five": "Only domains with five hosts or more are named.",
    },
    "zh-CN": {
        "title": "增长", "head": "{title}，{when}", "made_up": "虚构数据，种子 {seed}", "page": "{site} · {when}", "so_far": "截至 {month}",
        "revenue": "收入", "profit": "利润", "customers": "客户", "over_ten": "10 席以上的客户",
        "large": "大客户", "forecast": "全年预测", "mrr": "月度经常性收入", "arr": "年度经常性收入", "net": "净留存率",
        "gross": "总留存率", "churn": "流失率", "met": "参会人数",
        "on": "同比 {change}", "margin": "占收入 {part}", "from": "同比 {change}，去年 {before}", "raised": "此前：{before}",
        "revenue.is": "每条账单按天分摊到其服务期。", "profit.is": "收入减去按天录入的成本。",
        "customers.is": "期末有付费订阅的组织。", "over_ten.is": "其中席位超过 10 个的组织。",
        "large.is": "近十二个月确认收入超过 {large}。", "forecast.is": "已确认、已签约或预付，加上按同龄客户估算的续约。",
        "mrr.is": "期末全部订阅的月费。", "arr.is": "月费的十二倍。",
        "net.is": "一年前的月费逐月留存，含增购。", "gross.is": "一年前的月费扣除减购和流失。",
        "churn.is": "期内离开的客户占期初客户的比例。", "met.is": "单日最高；单月 {monthly} 人。",
        "revenues": "各期收入（{unit}）", "larges": "各期末大客户",
        "forecasts": "历次预测", "made": "预测时点", "range": "区间", "recognised": "已确认", "contracted": "已签约", "renewals": "续约",
        "funnel": "从个人到大客户", "step": "阶段", "reached": "达到人数", "median": "间隔中位数", "days": "{n} 天",
        "person": "个人", "host": "主持人", "organisation": "组织", "paying": "付费", "big": "大客户",
        "cohorts": "客户留存（按开始的季度）", "began": "开始于", "at_first": "客户", "later": "+{n}",
        "domains": "主持人多、尚无组织的域名", "domain": "域名", "hosts": "主持人", "new": "近 30 天新增",
        "reasons": "离开的原因", "reason": "原因", "many": "客户", "none": "未说明",
        "uncounted": "因缺少汇率未计入：{what}。", "nothing": "无。", "quarters": "各期数据",
        "five": "仅列出主持人达到 5 位的域名。",
    },
}  # fmt: skip


def money(minor: int, currency: str, language: Language) -> str:
    """As it is said: `$663.5 M`, `6.635 亿美元`."""
    number, unit = _short(minor / minor_units(currency), language)
    if language == "zh-CN":
        return f"{number} {unit}{ZH.get(currency, ' ' + currency)}"
    symbol = SYMBOLS.get(currency)
    return f"{symbol}{number}{unit}" if symbol else f"{number}{unit} {currency}"


def span(low: int, high: int, currency: str, language: Language) -> str:
    """`$2.37–2.39 bn`."""
    written, one = money(high, currency, language), minor_units(currency)
    step, digits = next((s, d) for s, d, _ in STEPS_OF[language] if abs(high) / one >= s or s == 1)
    return f"{SYMBOLS.get(currency, '') if language == 'en' else ''}{low / one / step:,.{digits}f}–{written.removeprefix(SYMBOLS.get(currency, ''))}"


def _short(value: float, language: Language) -> tuple[str, str]:
    for step, digits, unit in STEPS_OF[language]:
        if abs(value) >= step or step == 1:
            return f"{value / step:,.{digits}f}", unit
    raise AssertionError


def change(part: Fraction | None) -> str:
    return "–" if part is None else f"{float(part) * 100:+,.0f}%"


def percent(part: Fraction | None) -> str:
    return "–" if part is None else f"{float(part) * 100:.1f}%"


def when(quarter: Quarter, language: Language) -> str:
    first, last = quarter.first.first, quarter.last.first
    if language == "zh-CN":
        end = f"{last.month}月" if first.year == last.year else f"{last.year}年{last.month}月"
        return f"{first.year}年{first.month}月–{end}"
    begin = f"{first:%b}" if first.year == last.year else f"{first:%b %Y}"
    return f"{begin}–{last:%b %Y}"


def month(one: Month, language: Language) -> str:
    return f"{one.first.year}年{one.first.month}月" if language == "zh-CN" else f"{one.first:%b %Y}"
