"""The closing: of all events, what there was in each month. Run each night, and after events were brought.

Law: it reads events and writes nothing else than what it can make again; it may be stopped anywhere and run again. A figure that is
shown is a sum over these tables, so that a figure and what lies behind it can't differ.

Words: an organisation's standing is what it has subscribed to, from one event to the next. It is a customer on a day when its
standing costs something. MRR is what all standings cost a month. Amounts are in the book's currency, by the rate of the month's last
day; where the operator gave none, they count nowhere and are listed as `uncounted`. Who met is what was said of the whole server;
where nothing was, the sum of what was said of organisations. A month of which nothing was said is the sum of its days.
"""

from __future__ import annotations

from folkmoot.growth.warehouse import Warehouse

FORM = 3
"""Of the tables below, and of what is made ready of them. A book that was closed in another form is closed anew before it is read."""

STANDING = """
CREATE OR REPLACE TABLE standing AS
WITH said AS (
  SELECT organisation, happened_at, id, plan, seats, monthly, currency, "until" FROM subscription_set
  UNION ALL SELECT organisation, happened_at, id, '', 0, 0, NULL, NULL FROM subscription_ended
), ordered AS (
  SELECT *, lead(happened_at) OVER (PARTITION BY organisation ORDER BY happened_at, id) AS ends_at FROM said
)
SELECT organisation, plan, seats, monthly, currency, "until", happened_at::DATE AS since,
  ends_at::DATE AS "before"
FROM ordered WHERE monthly > 0 AND (ends_at IS NULL OR ends_at::DATE > happened_at::DATE)
"""

MONTHS = """
CREATE OR REPLACE TABLE calendar AS
WITH days AS (
  SELECT unnest(["first", "last"]) AS day FROM invoice_line UNION ALL SELECT unnest(["first", "last"]) FROM cost
  UNION ALL SELECT since FROM standing
  UNION ALL SELECT happened_at::DATE FROM person_joined UNION ALL SELECT happened_at::DATE FROM organisation_created UNION ALL SELECT "date" FROM "usage"
  UNION ALL SELECT happened_at::DATE FROM subscription_ended UNION ALL SELECT happened_at::DATE FROM invoice_line
), bounds AS (SELECT date_trunc('month', min(day)) AS a, date_trunc('month', least(max(day), $today::DATE)) AS b FROM days)
SELECT month::DATE AS month, last_day(month)::DATE AS "last" FROM (SELECT unnest(generate_series(a, b, INTERVAL 1 MONTH)) AS month FROM bounds)
"""

RATES = """
CREATE OR REPLACE TABLE monthly_rate AS
SELECT c.month, r.currency, arg_max(r.rate::DECIMAL(18,8), (r.happened_at, r.id)) AS rate
FROM calendar c JOIN rate r ON r.happened_at::DATE <= c."last" AND r."to" = $currency AND r.currency <> $currency GROUP BY ALL
UNION ALL SELECT month, $currency, 1 FROM calendar
"""


def _spread(table: str, subject: str) -> str:
    """Lines by the day, cut into months: `recognition.recognised` as a query. All months, those to come as well."""
    return f"""
WITH cut AS (
  SELECT {subject}, currency, amount, "first", "last", "last" - "first" + 1 AS days, unnest(generate_series(
    date_trunc('month', "first"), date_trunc('month', "last"), INTERVAL 1 MONTH))::DATE AS month FROM {table} WHERE happened_at::DATE <= $today::DATE
)
SELECT {subject}, currency, month, sum(
  amount::HUGEINT * (least("last", last_day(month)) - "first" + 1) // days
  - amount::HUGEINT * greatest(month - "first", 0) // days)::BIGINT AS own
FROM cut GROUP BY ALL
"""


def _converted(table: str, subject: str) -> str:
    return f"""
CREATE OR REPLACE TABLE {table} AS
WITH spread AS ({_spread("invoice_line" if subject == "organisation" else "cost", subject)})
SELECT s.{subject}, s.month, s.currency, s.own,
  CASE WHEN s.currency = $currency THEN s.own ELSE round(s.own * r.rate)::BIGINT END AS amount
FROM spread s LEFT JOIN monthly_rate r ON r.month = s.month AND r.currency = s.currency
"""


PAYING = """
CREATE OR REPLACE TABLE paying AS
WITH each AS (
  SELECT s.*, unnest(generate_series(date_trunc('month', since),
    date_trunc('month', coalesce("before" - 1, (SELECT max("last") FROM calendar))), INTERVAL 1 MONTH))::DATE AS month FROM standing s
), here AS (
  SELECT * FROM each WHERE since <= last_day(month) AND ("before" IS NULL OR "before" > last_day(month))
    AND month <= (SELECT max(month) FROM calendar)
)
SELECT h.organisation, h.month, h.seats, h.plan, h."until",
  CASE WHEN h.currency = $currency THEN h.monthly ELSE round(h.monthly * r.rate)::BIGINT END AS mrr,
  min(h.month) OVER (PARTITION BY h.organisation) AS cohort
FROM here h LEFT JOIN monthly_rate r ON r.month = h.month AND r.currency = h.currency
"""

# Whose MRR is another at a month's end than at the end of the one before, or who wasn't there, or isn't any more.
MOVED = """
CREATE OR REPLACE TABLE moved AS
WITH pair AS (
  SELECT coalesce(n.organisation, b.organisation) AS organisation, coalesce(n.month, (b.month + INTERVAL 1 MONTH)::DATE) AS month,
    coalesce(b.mrr, 0) AS was, coalesce(n.mrr, 0) AS "is", n.cohort = n.month AS first, n.organisation IS NOT NULL AS here, b.organisation IS NOT NULL AS there
  FROM paying n FULL JOIN paying b ON n.organisation = b.organisation AND n.month = (b.month + INTERVAL 1 MONTH)::DATE
), gave AS (
  SELECT organisation, date_trunc('month', happened_at)::DATE AS month, arg_max(reason, (happened_at, id)) AS reason FROM subscription_ended GROUP BY ALL
)
SELECT month, organisation, ("is" - was)::BIGINT AS amount, coalesce(reason, '') AS reason,
  CASE WHEN there AND here THEN CASE WHEN "is" > was THEN 'more' ELSE 'less' END WHEN there THEN 'gone' WHEN first THEN 'new' ELSE 'back' END AS kind
FROM pair LEFT JOIN gave USING (organisation, month)
WHERE (NOT here OR NOT there OR "is" <> was) AND month <= (SELECT max(month) FROM calendar)
"""

MOVEMENT = """
CREATE OR REPLACE TABLE movement AS
WITH there AS (SELECT month, count(*) AS customers, coalesce(sum(mrr), 0)::BIGINT AS mrr FROM paying GROUP BY month),
moves AS (
  SELECT month, count(*) FILTER (kind = 'new') AS new, count(*) FILTER (kind = 'back') AS back, count(*) FILTER (kind = 'gone') AS gone,
    sum(amount) FILTER (kind = 'new') AS mrr_new, sum(amount) FILTER (kind = 'back') AS mrr_back, sum(amount) FILTER (kind = 'more') AS mrr_more,
    -sum(amount) FILTER (kind = 'less') AS mrr_less, -sum(amount) FILTER (kind = 'gone') AS mrr_gone
  FROM moved GROUP BY month
)
SELECT * FROM there FULL JOIN moves USING (month)
"""

COHORTS = """
CREATE OR REPLACE TABLE cohort AS
SELECT cohort, month, count(*) AS customers, sum(mrr)::BIGINT AS mrr FROM paying GROUP BY ALL
"""

# A customer that gave notice still counts as large as long as its last twelve months do.
LARGE = """
CREATE OR REPLACE TABLE large AS
WITH candidates AS (SELECT organisation FROM recognised GROUP BY organisation HAVING sum(amount) > $large),
earned AS (SELECT organisation, month, sum(amount)::BIGINT AS amount FROM recognised SEMI JOIN candidates USING (organisation) GROUP BY ALL)
SELECT c.month, e.organisation, sum(e.amount)::BIGINT AS amount
FROM calendar c JOIN earned e ON e.month <= c.month AND e.month > (c.month - INTERVAL 12 MONTH)::DATE
GROUP BY ALL HAVING sum(e.amount) > $large
"""

# Somebody, and the organisation that they brought; an organisation that nobody is named of brings somebody with it. Who is at a step has
# come through all before it, at the latest then: so that none has more than the one before. Times between steps are of what was said.
REACHED = """
CREATE OR REPLACE TABLE reached AS
WITH joined AS (SELECT person, min(happened_at) AS happened_at FROM person_joined GROUP BY person),
hosted AS (SELECT person, min(happened_at) AS happened_at FROM person_hosted GROUP BY person),
made AS (SELECT organisation, min(happened_at) AS happened_at, min(person) FILTER (person <> '') AS person FROM organisation_created GROUP BY organisation),
paid AS (SELECT organisation, min(since)::TIMESTAMP AS happened_at FROM standing GROUP BY organisation),
grown AS (SELECT organisation, min(last_day(month))::TIMESTAMP AS happened_at FROM large GROUP BY organisation),
said AS (
  SELECT 'p ' || person AS who, 1 AS step, happened_at FROM joined UNION ALL SELECT 'p ' || person, 2, happened_at FROM hosted
  UNION ALL SELECT coalesce('p ' || person, 'o ' || organisation), 3, happened_at FROM made
  UNION ALL SELECT coalesce('p ' || person, 'o ' || organisation), 4, paid.happened_at FROM paid LEFT JOIN made USING (organisation)
  UNION ALL SELECT coalesce('p ' || person, 'o ' || organisation), 5, grown.happened_at FROM grown LEFT JOIN made USING (organisation)
), own AS (
  SELECT min(happened_at) FILTER (step = 1) AS a, min(happened_at) FILTER (step = 2) AS b, min(happened_at) FILTER (step = 3) AS c,
    min(happened_at) FILTER (step = 4) AS d, min(happened_at) FILTER (step = 5) AS e FROM said WHERE happened_at::DATE <= $today::DATE GROUP BY who
)
SELECT least(a, b, c, d, e)::DATE AS person, least(b, c, d, e)::DATE AS host, least(c, d, e)::DATE AS organisation, least(d, e)::DATE AS paying,
  e::DATE AS large, CASE WHEN b >= a THEN b - a END AS to_host, CASE WHEN c >= b THEN c - b END AS to_organisation,
  CASE WHEN d >= c THEN d - c END AS to_paying, CASE WHEN e >= d THEN e - d END AS to_large
FROM own
"""

MET = """
CREATE OR REPLACE TABLE met AS
WITH whole AS (
  SELECT span, "date" AS day, arg_max(row(participants, organisations, meetings, minutes), (happened_at, id)) AS said
  FROM "usage" WHERE organisation = '' AND domain = '' GROUP BY ALL
), each AS (
  SELECT span, "date" AS day, sum(participants)::BIGINT AS participants, count(DISTINCT organisation) FILTER (participants > 0) AS organisations,
    sum(meetings)::BIGINT AS meetings, sum(minutes)::BIGINT AS minutes FROM "usage" WHERE organisation <> '' GROUP BY ALL
)
SELECT coalesce(w.span, e.span) AS span, coalesce(w.day, e.day) AS day, coalesce(said[1], participants) AS participants,
  coalesce(nullif(said[2], 0), e.organisations, 0) AS organisations, coalesce(said[3], e.meetings) AS meetings, coalesce(said[4], e.minutes) AS minutes
FROM whole w FULL JOIN each e ON w.span = e.span AND w.day = e.day WHERE coalesce(w.day, e.day) <= $today::DATE
"""

MET_MONTHLY = """
CREATE OR REPLACE TABLE met_monthly AS
WITH days AS (
  SELECT date_trunc('month', day)::DATE AS month, max(participants) AS busiest, max(organisations) AS organisations_busiest,
    sum(participants)::BIGINT AS participants, sum(meetings)::BIGINT AS meetings, sum(minutes)::BIGINT AS minutes
  FROM met WHERE span = 'day' GROUP BY ALL
), months AS (SELECT date_trunc('month', day)::DATE AS month, participants, organisations, meetings, minutes FROM met WHERE span = 'month')
SELECT coalesce(m.month, d.month) AS month, coalesce(d.busiest, 0) AS busiest, coalesce(d.organisations_busiest, 0) AS organisations_busiest,
  coalesce(m.participants, d.participants) AS participants, coalesce(nullif(m.organisations, 0), d.organisations_busiest, 0) AS organisations,
  coalesce(nullif(m.meetings, 0), d.meetings, 0) AS meetings, coalesce(nullif(m.minutes, 0), d.minutes, 0) AS minutes
FROM months m FULL JOIN days d ON m.month = d.month ORDER BY 1
"""

MONTHLY = """
CREATE OR REPLACE TABLE monthly AS
WITH revenue AS (SELECT month, sum(amount)::BIGINT AS amount FROM recognised GROUP BY month),
costs AS (SELECT month, sum(amount)::BIGINT AS amount FROM spent GROUP BY month),
ten AS (SELECT month, count(*) AS customers FROM paying WHERE seats > 10 GROUP BY month),
big AS (SELECT month, count(*) AS customers FROM large GROUP BY month)
SELECT c.month, coalesce(r.amount, 0) AS revenue, coalesce(k.amount, 0) AS costs, coalesce(m.customers, 0) AS customers,
  coalesce(t.customers, 0) AS over_ten, coalesce(b.customers, 0) AS large, coalesce(m.mrr, 0) AS mrr,
  coalesce(m.new, 0) AS new, coalesce(m.back, 0) AS back, coalesce(m.gone, 0) AS gone,
  coalesce(m.mrr_new, 0)::BIGINT AS mrr_new, coalesce(m.mrr_back, 0)::BIGINT AS mrr_back, coalesce(m.mrr_more, 0)::BIGINT AS mrr_more,
  coalesce(m.mrr_less, 0)::BIGINT AS mrr_less, coalesce(m.mrr_gone, 0)::BIGINT AS mrr_gone
FROM calendar c LEFT JOIN revenue r USING (month) LEFT JOIN costs k USING (month) LEFT JOIN ten t USING (month)
LEFT JOIN big b USING (month) LEFT JOIN movement m USING (month) ORDER BY month
"""

UNCOUNTED = """
CREATE OR REPLACE TABLE uncounted AS
WITH line AS (
  SELECT currency, own, month FROM recognised WHERE amount IS NULL UNION ALL SELECT currency, own, month FROM spent WHERE amount IS NULL
), standing_of AS (
  SELECT s.currency, s.monthly, c.month FROM standing s JOIN calendar c ON s.since <= c."last" AND (s."before" IS NULL OR s."before" > c."last")
  ANTI JOIN monthly_rate r ON r.currency = s.currency AND r.month = c.month WHERE s.currency <> $currency
), both_of AS (
  SELECT currency, own AS amount, 0 AS monthly, month FROM line
  UNION ALL SELECT currency, 0, CASE WHEN month = (SELECT max(month) FROM calendar) THEN monthly ELSE 0 END, month FROM standing_of
)
SELECT currency, sum(amount)::BIGINT AS amount, sum(monthly)::BIGINT AS monthly, min(month) AS since
FROM both_of WHERE month IN (SELECT month FROM calendar) GROUP BY currency
"""

STEPS = (
    STANDING, MONTHS, RATES, _converted("recognised", "organisation"), _converted("spent", "name"), PAYING, MOVED, MOVEMENT, COHORTS, LARGE,
    REACHED, MET, MET_MONTHLY, MONTHLY, UNCOUNTED,
    "CREATE OR REPLACE TABLE closed AS SELECT $form::INT AS form, $today::DATE AS today",
)  # fmt: skip


def close(warehouse: Warehouse, today: str) -> None:
    """`today`: the last day that is counted, ISO. What is dated later is kept and not looked at."""
    book = warehouse.book
    warehouse.run(STEPS, {"today": today, "currency": book.currency, "large": book.large, "form": FORM})


def closed_on(warehouse: Warehouse) -> str | None:
    """The day that the tables are of. None: they aren't there, or of another form."""
    there = warehouse.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'closed'")
    found = warehouse.rows("SELECT today FROM closed WHERE form = $form", {"form": FORM}) if there else []
    return str(found[0][0]) if found else None
