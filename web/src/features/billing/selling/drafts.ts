/** A plan as it is typed, and what becomes another by it. Pure. */
import type { Period, PlanSaid, SeatPrice, Service, Support } from "../../../core/api/selling-client";
import { asTyped, minorOf } from "../../../core/money";

export const limits = ["people", "minutes", "at_once"] as const;
/** Those that there are. A plan may name another, and keeps it. */
export const services: readonly Service[] = ["branding", "api", "directory_sync"];
export const supports: readonly Support[] = ["community", "mail", "priority"];
export const FREE = "free";

export type Limit = (typeof limits)[number];

export interface DraftPrice {
  amount: string;
  currency: string;
  period: Period;
}

export interface Draft {
  id: string;
  name: string;
  prices: readonly DraftPrice[];
  limits: Readonly<Record<Limit, string>>;
  services: readonly Service[];
  support: Support;
  fewest: string;
  most: string;
  trial: string;
  offered: boolean;
}

export const MOST_SEATS = 1_000_000;

export const NEW: Draft = {
  id: "",
  name: "",
  prices: [{ amount: "", currency: "EUR", period: "month" }],
  limits: { people: "", minutes: "", at_once: "" },
  services: [],
  support: "community",
  fewest: "1",
  most: "",
  trial: "",
  offered: true,
};

export function draftOf(plan: PlanSaid): Draft {
  const typed = (limit: number | null | undefined) => (limit ? String(limit) : "");
  return {
    id: plan.id,
    name: plan.name,
    prices: (plan.prices ?? []).map(({ period, seat }) => ({
      amount: asTyped(seat.amount, seat.currency),
      currency: seat.currency,
      period,
    })),
    limits: {
      people: typed(plan.limits?.people),
      minutes: typed(plan.limits?.minutes),
      at_once: typed(plan.limits?.at_once),
    },
    services: plan.services ?? [],
    support: plan.support ?? "community",
    fewest: String(plan.fewest_seats ?? 1),
    most: plan.most_seats === MOST_SEATS ? "" : typed(plan.most_seats),
    trial: typed(plan.trial_days),
    offered: plan.offered ?? true,
  };
}

/** Of a name, what a plan is called in files and addresses. */
export function idOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^[^a-z]+|-+$/g, "")
    .slice(0, 32);
}

/** Fields that hold what can't be read; where there are none, the plan. */
export type Read = { plan: PlanSaid } | { wrong: ReadonlySet<string> };

export function read(draft: Draft): Read {
  const wrong = new Set<string>();
  const whole = (field: string, typed: string): number | undefined => {
    if (/^\d{1,7}$/.test(typed.trim())) return Number(typed);
    if (typed.trim()) wrong.add(field);
    return undefined;
  };
  const prices = draft.prices.flatMap(({ amount, currency, period }, place): SeatPrice[] => {
    const minor = minorOf(amount, currency);
    if (minor === null) wrong.add(`price.${place}`);
    return minor === null ? [] : [{ period, seat: { amount: minor, currency } }];
  });
  const held = {
    people: whole("people", draft.limits.people),
    minutes: whole("minutes", draft.limits.minutes),
    at_once: whole("at_once", draft.limits.at_once),
  };
  const plan: PlanSaid = {
    id: draft.id,
    name: draft.name.trim(),
    prices,
    limits: Object.fromEntries(Object.entries(held).filter(([, limit]) => limit !== undefined)),
    services: [...draft.services],
    support: draft.support,
    fewest_seats: whole("seats", draft.fewest) ?? 1,
    most_seats: whole("seats", draft.most) ?? MOST_SEATS,
    trial_days: whole("trial", draft.trial) ?? 0,
    offered: draft.offered,
  };
  return wrong.size > 0 ? { wrong } : { plan };
}

/** One thing that becomes another. null: there was none, or will be none. */
export type Change =
  | { what: "name"; before: string; after: string }
  | { what: "price"; period: Period; currency: string; before: number | null; after: number | null }
  | { what: Limit | "fewest" | "most" | "trial"; before: number | null; after: number | null }
  | { what: "service"; service: Service; after: boolean }
  | { what: "support"; before: Support; after: Support };

export function changes(before: PlanSaid, after: PlanSaid): Change[] {
  return [
    ...(before.name === after.name
      ? []
      : [{ what: "name" as const, before: before.name, after: after.name }]),
    ...priceChanges(before.prices ?? [], after.prices ?? []),
    ...limits.flatMap((what) => numbers(what, before.limits?.[what], after.limits?.[what])),
    ...services
      .filter((one) => (before.services ?? []).includes(one) !== (after.services ?? []).includes(one))
      .map((service) => ({
        what: "service" as const,
        service,
        after: (after.services ?? []).includes(service),
      })),
    ...(before.support === after.support
      ? []
      : [
          {
            what: "support" as const,
            before: before.support ?? "community",
            after: after.support ?? "community",
          },
        ]),
    ...numbers("fewest", before.fewest_seats, after.fewest_seats),
    ...numbers("most", bounded(before.most_seats), bounded(after.most_seats)),
    ...numbers("trial", before.trial_days || null, after.trial_days || null),
  ];
}

const bounded = (seats: number | undefined) => (seats === MOST_SEATS ? null : seats);

type Counted = Limit | "fewest" | "most" | "trial";

function numbers(what: Counted, before?: number | null, after?: number | null): Change[] {
  const [was, is] = [before ?? null, after ?? null];
  return was === is ? [] : [{ what, before: was, after: is }];
}

function priceChanges(before: readonly SeatPrice[], after: readonly SeatPrice[]): Change[] {
  const key = ({ period, seat }: SeatPrice) => `${seat.currency} ${period}`;
  const [was, is] = [before, after].map((each) => new Map(each.map((one) => [key(one), one])));
  const all = new Map([...(was ?? []), ...(is ?? [])]);
  return [...all].flatMap(([id, { period, seat }]) => {
    const [old, now] = [was?.get(id)?.seat.amount ?? null, is?.get(id)?.seat.amount ?? null];
    return old === now
      ? []
      : [{ what: "price" as const, period, currency: seat.currency, before: old, after: now }];
  });
}
