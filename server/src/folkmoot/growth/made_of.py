"""What each figure is made of, as queries: the organisations that it is a sum or a count of, and the events of each.

Law: what is behind a figure adds up to it, to the last unit. Nobody is told of alone: of the steps that single people are at, domains of
`FEWEST` people and more are told, and no events. What a query binds is in `behind.bounds`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

FEWEST = 5

Figure = Literal[
    "revenue", "profit", "customers", "over_ten", "large", "mrr", "net", "gross", "left", "met",
    "mrr_new", "mrr_back", "mrr_more", "mrr_less", "mrr_gone", "net_more", "net_less", "net_gone",
    "recognised", "contracted", "renewals", "cohort", "reason", "uncounted",
    "step_person", "step_host", "step_organisation", "step_paying", "step_large",
]  # fmt: skip
FIGURES: tuple[Figure, ...] = get_args(Figure)
FORECAST: frozenset[Figure] = frozenset({"recognised", "contracted", "renewals"})
PEOPLE: dict[Figure, str] = {"step_person": "person", "step_host": "host"}
Unit = Literal["money", "people", "none"]
"""Of `amount`. None: when it was is what counts."""


@dataclass(frozen=True, slots=True)
class MadeOf:
    organisations: str
    """`organisation`, `amount`, `day`."""
    events: str = ""
    """As `behind.Told`. Of single people there are none."""
    unit: Unit = "money"


# --- organisations --------------------------------------------------------------------------------------------------


def _sums(table: str, where: str, subject: str = "organisation", amount: str = "amount") -> str:
    return f"""SELECT {subject} AS organisation, sum({amount})::BIGINT AS amount, NULL::DATE AS day FROM {table}
      WHERE {where} GROUP BY {subject} HAVING sum({amount}) <> 0"""


def _paying(where: str) -> str:
    """With the month that each began in."""
    return f"SELECT organisation, coalesce(mrr, 0)::BIGINT AS amount, cohort AS day FROM paying WHERE month = $end AND {where}"


def _moved(kinds: str, months: str) -> str:
    """From whom no rate is known, nothing moved; they are there all the same."""
    return f"""SELECT organisation, sum(amount)::BIGINT AS amount, max(month) AS day FROM moved
      WHERE kind IN ({kinds}) AND month > {months} AND month <= $end GROUP BY organisation"""


def _gone(where: str) -> str:
    """An organisation may go twice, but not in a month."""
    return f"SELECT organisation, amount, month AS day FROM moved WHERE kind = 'gone' AND month BETWEEN $first AND $end AND {where}"


AHEAD = """
ahead AS (SELECT organisation, max("last") AS "last" FROM invoice_line WHERE happened_at::DATE <= last_day($end::DATE) AND "first" <= last_day($end::DATE) AND amount > 0 GROUP BY organisation),
bound AS (
  SELECT organisation, cohort, mrr, greatest(0, date_diff('month', $end::DATE, coalesce(greatest("until", "last"), "until", "last", $end::DATE) + 1) - 1) AS bound
  FROM paying LEFT JOIN ahead USING (organisation) WHERE month = $end::DATE AND mrr IS NOT NULL
)
"""
"""Customers at a month's end, and for how many more months each is bound: who paid ahead as long as they did, who signed for a term until its end."""

# Parts are cut as they add up, so that they are the whole to the last unit. `forecasting.factors` made `bound`.
_EXPECTED = """
WITH parts AS (SELECT unnest($cohorts::DATE[]) AS cohort, unnest($bounds::BIGINT[]) AS bound, unnest($factors::DOUBLE[]) AS months),
added AS (
  SELECT organisation, cohort, round(sum(mrr * months) OVER (ORDER BY organisation ROWS UNBOUNDED PRECEDING))::BIGINT AS so_far
  FROM bound JOIN parts USING (cohort, bound)
)
SELECT organisation, so_far - coalesce(lag(so_far) OVER (ORDER BY organisation), 0) AS amount, cohort AS day FROM added
"""
_BEGAN = "SELECT * FROM ({}) WHERE amount <> 0 AND ($began IS NULL OR day = $began)"

# The events that put whoever brought an organisation at a step; the first one counts, as in `closing.REACHED`.
_MADE = "SELECT organisation, min(happened_at)::DATE AS day, 3 AS step FROM organisation_created GROUP BY organisation"
_PAID = "SELECT organisation, min(since) AS day, 4 AS step FROM standing GROUP BY organisation"
_GROWN = "SELECT organisation, min(last_day(month)) AS day, 5 AS step FROM large GROUP BY organisation"
_BROUGHT = f"""
founder AS (SELECT organisation, min(person) FILTER (person <> '') AS person FROM organisation_created GROUP BY organisation),
brought AS (
  SELECT coalesce('p ' || person, 'o ' || organisation) AS who, organisation, day, step
  FROM ({_MADE} UNION ALL {_PAID} UNION ALL {_GROWN}) LEFT JOIN founder USING (organisation) WHERE day <= $today
)
"""


def _step(step: int) -> str:
    return f"""WITH {_BROUGHT}, first AS (SELECT min(row(day, organisation)) AS one FROM brought WHERE step >= {step} GROUP BY who)
      SELECT one[2] AS organisation, 0::BIGINT AS amount, one[1] AS day FROM first WHERE one[1] BETWEEN $first AND $last"""


def _people(step: int) -> str:
    return f"""WITH {_BROUGHT}, said AS (
        SELECT 'p ' || person AS who, domain, happened_at::DATE AS day, 1 AS step FROM person_joined WHERE happened_at::DATE <= $today
        UNION ALL SELECT 'p ' || person, domain, happened_at::DATE, 2 FROM person_hosted WHERE happened_at::DATE <= $today
        UNION ALL SELECT who, '', day, step FROM brought
      ), each AS (SELECT max(domain) AS domain, min(day) FILTER (step >= {step}) AS day FROM said GROUP BY who)
      SELECT domain AS organisation, count(*) AS amount, NULL::DATE AS day FROM each
      WHERE domain <> '' AND day BETWEEN $first AND $last GROUP BY domain HAVING count(*) >= {FEWEST}"""


# --- events ---------------------------------------------------------------------------------------------------------

_EARNED = """(amount::HUGEINT * (least("last", $last::DATE) - "first" + 1) // ("last" - "first" + 1)
  - amount::HUGEINT * greatest({since}::DATE - "first", 0) // ("last" - "first" + 1))::BIGINT"""


def _by_day(table: str, kind: str, subject: str, said: str, since: str = "$first") -> str:
    return f"""SELECT happened_at, '{kind}', id, {subject}, {said}, amount, currency, "first", "last", {_EARNED.format(since=since)} AS counted
      FROM {table} WHERE "first" <= $last AND "last" >= {since}"""


def _lines(since: str = "$first") -> str:
    return _by_day("invoice_line", "invoice.line", "organisation", "invoice", since)


def _costs(since: str = "$first") -> str:
    return _by_day("cost", "cost", "name", "''", since)


_STANDING = """
SELECT happened_at, 'subscription.set', id, organisation, plan || ' × ' || seats, monthly, currency, NULL::DATE, "until", NULL::BIGINT
FROM subscription_set WHERE happened_at::DATE <= $last
UNION ALL SELECT happened_at, 'subscription.ended', id, organisation, reason, 0, '', NULL, NULL, NULL
FROM subscription_ended WHERE happened_at::DATE <= $last
"""
_PAID_AHEAD = """
SELECT happened_at, 'invoice.line', id, organisation, invoice, amount, currency, "first", "last", NULL::BIGINT
FROM invoice_line WHERE happened_at::DATE <= $last AND "last" > $last
"""
_JOURNEY = f"""
SELECT happened_at, 'organisation.created', id, organisation, domain, 0, '', NULL::DATE, NULL::DATE, NULL::BIGINT
FROM organisation_created WHERE happened_at::DATE <= $last UNION ALL {_STANDING}
"""
_MET = """
SELECT happened_at, 'usage', id, organisation || domain, span, participants, '', "date", CASE span WHEN 'month' THEN last_day("date") ELSE "date" END, organisations
FROM "usage" WHERE "date" BETWEEN $first AND $last
"""
_EVER = "DATE '0001-01-01'"

QUARTER, TWELVE = "$before", "$ago"
MADE_OF: dict[Figure, MadeOf] = {
    "revenue": MadeOf(_sums("recognised", "month BETWEEN $first AND $last"), _lines()),
    "profit": MadeOf(_sums("spent", "month BETWEEN $first AND $last", "name", "-amount"), f"{_lines()} UNION ALL {_costs()}"),
    "customers": MadeOf(_paying("true"), _STANDING),
    "over_ten": MadeOf(_paying("seats > 10"), _STANDING),
    "large": MadeOf("SELECT organisation, amount, NULL::DATE AS day FROM large WHERE month = $end", _lines("$trailing")),
    "mrr": MadeOf(_paying("true"), _STANDING),
    "net": MadeOf(_moved("'more', 'less', 'gone'", TWELVE), _STANDING),
    "gross": MadeOf(_moved("'less', 'gone'", TWELVE), _STANDING),
    "net_more": MadeOf(_moved("'more'", TWELVE), _STANDING),
    "net_less": MadeOf(_moved("'less'", TWELVE), _STANDING),
    "net_gone": MadeOf(_moved("'gone'", TWELVE), _STANDING),
    "mrr_new": MadeOf(_moved("'new'", QUARTER), _STANDING),
    "mrr_back": MadeOf(_moved("'back'", QUARTER), _STANDING),
    "mrr_more": MadeOf(_moved("'more'", QUARTER), _STANDING),
    "mrr_less": MadeOf(_moved("'less'", QUARTER), _STANDING),
    "mrr_gone": MadeOf(_moved("'gone'", QUARTER), _STANDING),
    "left": MadeOf(_gone("true"), _STANDING),
    "reason": MadeOf(_gone("reason = $of"), _STANDING),
    "met": MadeOf(
        _sums('"usage"', "organisation <> '' AND span = 'day' AND \"date\" BETWEEN $first AND $last", amount="participants"),
        _MET, "people",
    ),
    "recognised": MadeOf(_sums("recognised", "month BETWEEN $first AND $last"), _lines()),
    "contracted": MadeOf(_BEGAN.format(_EXPECTED), f"{_STANDING} UNION ALL {_PAID_AHEAD}"),
    "renewals": MadeOf(_BEGAN.format(_EXPECTED), f"{_STANDING} UNION ALL {_PAID_AHEAD}"),
    "cohort": MadeOf(_paying("cohort BETWEEN $began AND $began_last"), _STANDING),
    "uncounted": MadeOf(
        """SELECT organisation, sum(amount)::BIGINT AS amount, NULL::DATE AS day FROM (
          SELECT organisation, own AS amount FROM recognised WHERE amount IS NULL AND currency = $of AND month <= $end
          UNION ALL SELECT name, own FROM spent WHERE amount IS NULL AND currency = $of AND month <= $end
          UNION ALL SELECT organisation, 0 FROM paying WHERE mrr IS NULL AND month = $end
            AND organisation IN (SELECT organisation FROM standing WHERE currency = $of)
        ) GROUP BY organisation""",
        f"{_lines(_EVER)} AND currency = $of UNION ALL {_costs(_EVER)} AND currency = $of UNION ALL SELECT * FROM ({_STANDING}) AS s(a, b, c, d, e, f, currency) WHERE currency = $of",
    ),
    "step_person": MadeOf(_people(1), unit="people"),
    "step_host": MadeOf(_people(2), unit="people"),
    "step_organisation": MadeOf(_step(3), _JOURNEY, "none"),
    "step_paying": MadeOf(_step(4), _JOURNEY, "none"),
    "step_large": MadeOf(_step(5), f"{_JOURNEY} UNION ALL {_lines('$trailing')}", "none"),
}  # fmt: skip
