"""The words of a board pack, in both languages, and how it writes numbers. The page has words of its own."""

from __future__ import annotations

from fractions import Fraction

from folkmoot.growth.months import Month, Quarter
from folkmoot.kit.currency import minor_units
from folkmoot.paper import Language

SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CNY": "¥"}
ZH = {"USD": "美元", "EUR": "欧元", "GBP": "英镑", "CNY": "元"}
STEPS_OF = {
    "en": ((10**9, " bn"), (10**6, " M"), (1, "")),
    "zh-CN": ((10**8, "亿"), (10**4, "万"), (1, "")),
}


def _places(size: float, step: int) -> int:
    """Of 2.37 thousand million two, of 663.5 million one, of 6.635 亿 three; a unit is written whole."""
    if step == 1 or size >= 1000:
        return 0
    return (1 if size >= 100 else 2 if size >= 10 else 3) if step == 10**8 else 1 if size >= 10 else 2


WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Growth", "head": "{title}, {when}", "made_up": "Made-up data, seed {seed}", "page": "{site} · {when}", "so_far": "up to {month}",
        "revenue": "Revenue", "profit": "Profit", "customers": "Customers", "over_ten": "Customers, over 10 seats",
        "large": "Large customers", "forecast": "Forecast of the year", "mrr": "MRR", "arr": "ARR", "net": "Net retention",
        "gross": "Gross retention", "churn": "Churn", "met": "People in meetings",
        "on": "{change} on the year", "nothing_before": "Nothing a year before", "margin": "{part} of revenue", "from": "{change}, from {before}", "raised": "before: {before}",
        "revenue.is": "Each invoice line before tax, spread by the day over the days it is for.",
        "profit.is": "Revenue less the costs that were entered, by the day.",
        "customers.is": "Organisations with a subscription that costs something, on the last day.",
        "over_ten.is": "Organisations with a subscription that costs something on the last day, and more than ten seats.",
        "large.is": "More than {large} recognised in the last twelve months.",
        "forecast.is": "Recognised so far, contracted or paid ahead, and renewals as customers of the same age did.",
        "mrr.is": "What all subscriptions cost a month on the last day.", "arr.is": "Twelve times the MRR.",
        "net.is": "Of the MRR a year ago, month by month, with what was added.",
        "gross.is": "Of the MRR a year ago, less what was given back and who left.",
        "churn.is": "Customers who left, of those at the beginning.",
        "met.is": "The most on a day, of {organisations} organisations; {monthly} in a month, of {organisations_monthly}. Each person once a meeting.",
        "revenues": "Revenue by quarter, {unit}", "larges": "Large customers at the end of each",
        "forecasts": "Forecasts", "made": "Made of", "range": "From–to", "recognised": "Recognised", "contracted": "Contracted", "renewals": "Renewals",
        "funnel": "From person to large customer", "step": "Step", "reached": "Reached it", "so_far_head": "So far", "share": "Of the step before", "median": "Median time", "days": "{n} days",
        "funnel.is": "People, and the organisation that each brought. Who is at a step has come through all before it; shares are of all who have so far.",
        "cohorts.is": "What part of the customers who began in a quarter is still there at the end of each that followed.",
        "forecasts.is": "Each as it was made and kept. Nobody who isn't a customer yet is counted; the range is one standard deviation of the last twelve months' rates.",
        "reasons.is": "Customers who left in the quarter, by the reason they gave.",
        "moved": "MRR, from the beginning to the end", "move": "Movement", "before": "At the beginning", "new_mrr": "New customers", "back": "Customers who came back",
        "more": "Expansion", "less": "Contraction", "gone": "Lost", "after": "At the end", "moved.is": "Month by month, by customer.",
        "live": "What is behind each figure, down to single events: {at}",
        "person": "Person", "host": "Host", "organisation": "Organisation", "paying": "Paying", "big": "Large",
        "cohorts": "Customers kept, by the quarter they began in", "began": "Began in", "at_first": "Customers", "later": "+{n}",
        "domains": "Many hosts, no organisation yet", "domain": "Domain", "hosts": "Hosts", "new": "New in 30 days",
        "reasons": "Why customers left", "reason": "Reason", "many": "Customers", "none": "None given",
        "uncounted": "Not counted, for want of a rate: {what}.", "nothing": "Nothing.", "quarters": "Quarters",
        "five": "Only domains with five hosts or more are named.",
    },
    "zh-CN": {
        "title": "增长", "head": "{title}，{when}", "made_up": "虚构数据，随机种子 {seed}", "page": "{site} · {when}", "so_far": "截至 {month}",
        "revenue": "收入", "profit": "利润", "customers": "客户", "over_ten": "10 席以上的客户",
        "large": "大客户", "forecast": "全年预测", "mrr": "月度经常性收入", "arr": "年度经常性收入", "net": "净留存率",
        "gross": "总留存率", "churn": "流失率", "met": "参会人数",
        "on": "同比 {change}", "nothing_before": "去年同期无数据", "margin": "占收入 {part}", "from": "同比 {change}，去年 {before}", "raised": "此前：{before}",
        "revenue.is": "每条发票明细（税前）按天分摊到其服务期。", "profit.is": "收入减去按天录入的成本。",
        "customers.is": "期末有付费订阅的组织。", "over_ten.is": "期末有付费订阅、席位超过 10 个的组织。",
        "large.is": "近十二个月确认收入超过 {large}。", "forecast.is": "已确认、已签约或预付，加上按同龄客户估算的续约。",
        "mrr.is": "期末全部订阅的月费。", "arr.is": "月度经常性收入的十二倍。",
        "net.is": "一年前的月费逐月留存，含增购。", "gross.is": "一年前的月费扣除减购和流失。",
        "churn.is": "期内离开的客户占期初客户的比例。", "met.is": "单日最高，来自 {organisations} 个组织；单月 {monthly} 人次，来自 {organisations_monthly} 个组织。每人每场会议计一次。",
        "revenues": "各期收入（{unit}）", "larges": "各期末大客户",
        "forecasts": "历次预测", "made": "预测时点", "range": "区间", "recognised": "已确认", "contracted": "已签约", "renewals": "续约",
        "funnel": "从个人到大客户", "step": "阶段", "reached": "本期达到", "so_far_head": "累计", "share": "占上一步", "median": "间隔中位数", "days": "{n} 天",
        "funnel.is": "统计个人及其带来的组织。处于某一阶段即视为已经过之前各阶段；占比按累计人数计算。",
        "cohorts.is": "某季度开始的客户，在其后各季度末仍然保留的比例。",
        "forecasts.is": "各次预测均按当时结果保存。尚未成为客户者不计入；区间为近十二个月续约率的一个标准差。",
        "reasons.is": "本期离开的客户，按其说明的原因。",
        "moved": "月度经常性收入变动", "move": "变动", "before": "期初", "new_mrr": "新客户", "back": "回流客户",
        "more": "增购", "less": "减购", "gone": "流失", "after": "期末", "moved.is": "按客户逐月计算。",
        "live": "各项数据的明细（直至单个事件）：{at}",
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
    sign, number = ("-", number[1:]) if minor < 0 else ("", number)
    return f"{sign}{symbol}{number}{unit}" if symbol else f"{sign}{number}{unit} {currency}"


def span(low: int, high: int, currency: str, language: Language) -> str:
    """`$2.37–2.39 bn`."""
    written, one = money(high, currency, language), minor_units(currency)
    step = next(s for s, _ in STEPS_OF[language] if abs(high) / one >= s or s == 1)
    digits = _places(abs(high) / one / step, step)
    if f"{low / one / step:,.{digits}f}" == f"{high / one / step:,.{digits}f}":
        return written
    return f"{SYMBOLS.get(currency, '') if language == 'en' else ''}{low / one / step:,.{digits}f}–{written.removeprefix(SYMBOLS.get(currency, ''))}"


def _short(value: float, language: Language) -> tuple[str, str]:
    for step, unit in STEPS_OF[language]:
        if abs(value) >= step or step == 1:
            return f"{value / step:,.{_places(abs(value) / step, step)}f}", unit
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
