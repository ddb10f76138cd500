import { expect, it } from "vitest";

import type { PlanSaid } from "../../../core/api/selling-client";

import { changes, draftOf, idOf, NEW, read } from "./drafts";
import { correcting, endOf, mostBack, offering, paying } from "./reckoning";

const team: PlanSaid = {
  id: "team",
  name: "Team",
  prices: [
    { period: "month", seat: { amount: 600, currency: "EUR" } },
    { period: "year", seat: { amount: 6000, currency: "EUR" } },
  ],
  limits: { people: 300 },
  services: ["api"],
  support: "mail",
  fewest_seats: 1,
  most_seats: 1_000_000,
  trial_days: 0,
  offered: true,
};

it("a plan that is only looked at stays as it is", () => {
  expect(read(draftOf(team))).toEqual({ plan: team });
  expect(changes(team, team)).toEqual([]);
});

it("says what becomes another: prices by period and currency, limits, services", () => {
  const after: PlanSaid = {
    ...team,
    prices: [
      { period: "month", seat: { amount: 700, currency: "EUR" } },
      { period: "month", seat: { amount: 800, currency: "USD" } },
    ],
    limits: { people: 500, at_once: 20 },
    services: ["branding", "directory_sync"],
    trial_days: 14,
  };
  expect(changes(team, after)).toEqual([
    { what: "price", period: "month", currency: "EUR", before: 600, after: 700 },
    { what: "price", period: "year", currency: "EUR", before: 6000, after: null },
    { what: "price", period: "month", currency: "USD", before: null, after: 800 },
    { what: "people", before: 300, after: 500 },
    { what: "at_once", before: null, after: 20 },
    { what: "service", service: "branding", after: true },
    { what: "service", service: "api", after: false },
    { what: "service", service: "directory_sync", after: true },
    { what: "trial", before: null, after: 14 },
  ]);
});

it("names the fields that can't be read, and nothing is said", () => {
  const draft = { ...NEW, name: "Team", limits: { ...NEW.limits, people: "many" }, trial: "-3" };
  const found = read(draft);
  expect("wrong" in found && [...found.wrong].sort()).toEqual(["people", "price.0", "trial"]);
});

it("makes an id of a name, and none of one without Latin letters", () => {
  expect(["Team", " 2 Big Schools! ", "学校"].map(idOf)).toEqual(["team", "big-schools", ""]);
});

it("a payment closes an invoice, leaves a rest, or is partly theirs", () => {
  expect([paying(288, 288), paying(288, 200), paying(288, 300)]).toEqual([
    { stays: 0, over: 0 },
    { stays: 88, over: 0 },
    { stays: 0, over: 12 },
  ]);
});

it("credit notes take the tax back to the unit, as the server reckons", () => {
  const invoice = { net: 1005, tax_rate: 2000, correctable: 1005, left: 1206 };
  expect(correcting(invoice, 502)).toEqual({ tax: 100, total: 602, stays: 604, theirs: 0 });
  expect(correcting({ ...invoice, correctable: 503, left: 0 }, 503)).toEqual({
    tax: 101,
    total: 604,
    stays: 0,
    theirs: 604,
  });
});

it("by the provider no more goes back than came through it, by bank all that is theirs", () => {
  const eur = (amount: number) => [{ amount, currency: "EUR" }];
  const page = { credit: [...eur(900), { amount: 50, currency: "USD" }], refundable: eur(400) };
  expect([mostBack(page, "provider", "EUR"), mostBack(page, "bank", "EUR")]).toEqual([400, 900]);
  expect([mostBack(page, "provider", "USD"), mostBack(page, "bank", "USD")]).toEqual([0, 50]);
});

it("a contract has a price, a whole and a last day", () => {
  expect(offering(500, 700, "month", 12)).toEqual({ price: 350_000, whole: 4_200_000 });
  expect(offering(500, 8400, "year", 24)).toEqual({ price: 4_200_000, whole: 8_400_000 });
  expect([endOf("2027-01-01", 12), endOf("2026-08-31", 6), endOf("2027-12-15", 3)]).toEqual([
    "2027-12-31",
    "2027-02-27",
    "2028-03-14",
  ]);
});
