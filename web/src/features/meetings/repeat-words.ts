/** How often, in a sentence. What is counted and named comes from `Intl`; the sentence is the catalog's. */
import { noonOf, plusDays, type Weekday, weekdays } from "../../core/calendar/days";
import { lastDay, readRule, type Repeat } from "../../core/calendar/repeat";
import type { Teller } from "../../core/calendar/when";
import type { Translate } from "../../i18n/react";

/** A Monday, of which only the name is asked. */
const MONDAY = "2026-11-30";

export function weekdayName(tell: Teller, day: Weekday, how: "long" | "short" = "long"): string {
  return tell.weekday(plusDays(MONDAY, weekdays.indexOf(day)), how);
}

/** Every Monday · every 2 weeks on Monday and Thursday · on the last Friday of every month */
export function repeatWords(t: Translate, tell: Teller, repeat: Repeat, start: string): string {
  const { interval } = repeat;
  switch (repeat.every) {
    case "day":
      return t("meetings.repeat.day", { interval });
    case "week": {
      const days = tell.list(
        repeat.on.map((day) => weekdayName(tell, day, repeat.on.length > 1 ? "short" : "long")),
      );
      if (isWorkdays(repeat.on)) return t("meetings.repeat.workdays", { interval });
      return t("meetings.repeat.week", { interval, days });
    }
    case "month":
      if ("day" in repeat.on) return t("meetings.repeat.month.day", { interval, day: repeat.on.day });
      return t("meetings.repeat.month.nth", {
        interval,
        nth: repeat.on.nth === -1 ? "last" : `n${repeat.on.nth}`,
        weekday: weekdayName(tell, repeat.on.weekday),
      });
    case "year":
      return t("meetings.repeat.year", { interval, day: tell.day(start, noonOf(start)) });
  }
}

export function isWorkdays(days: readonly Weekday[]): boolean {
  return days.length === 5 && !days.includes("SA") && !days.includes("SU");
}

/** The same with its times and its last day: what one is about to plan, said back. */
export function wholeSeries(
  t: Translate,
  tell: Teller,
  repeat: Repeat,
  start: string,
  times: string,
): string {
  const often = repeatWords(t, tell, repeat, start);
  const last = lastDay(repeat, start);
  if (last === undefined) return t("meetings.repeat.endless", { often, times });
  return t("meetings.repeat.until", { often, times, last: tell.fullDay(last) });
}

/** Of a rule as the server has it; a rule that has no sentence is called one that repeats. */
export function ruleWords(t: Translate, tell: Teller, rule: string, start: string, zone: string): string {
  const repeat = readRule(rule, start, zone);
  return repeat ? repeatWords(t, tell, repeat, start) : t("meetings.repeats");
}
