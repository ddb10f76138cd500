import { expect, test } from "vitest";

import {
  type Drawn,
  emptySeats,
  heard,
  nextSwap,
  seated,
  seatOrder,
  type Seats,
  swapped,
  withSelf,
} from "./seats";

const six = seated(emptySeats, ["ann", "bo", "cho", "dai", "eve", "fay"]);

/** Four tiles a page, in the order of their seats. */
const drawn = ({ order }: Seats): Drawn => ({ order, onPage: 4 });

test("people sit in the order they came", () => {
  expect(six.order).toEqual(["ann", "bo", "cho", "dai", "eve", "fay"]);
  expect(seated(six, ["ann", "bo", "cho", "dai", "eve", "fay"])).toBe(six);
});

test("the last tile takes a leaver's seat, everybody else stays", () => {
  const after = seated(six, ["ann", "cho", "dai", "eve", "fay"]);
  expect(after.order).toEqual(["ann", "fay", "cho", "dai", "eve"]);
});

test("two leave at once, one of them last, and one comes", () => {
  const after = seated(six, ["ann", "cho", "dai", "eve", "gus"]);
  expect(after.order).toEqual(["ann", "eve", "cho", "dai", "gus"]);
});

test("a speaker off the page swaps with the one silent longest after 1.5 s", () => {
  let seats = heard(six, ["bo"], 0);
  seats = heard(seats, ["ann"], 100);
  seats = heard(seats, ["fay"], 1000);
  expect(swapped(seats, drawn(seats), [], 2400)).toBe(seats);
  expect(nextSwap(seats, drawn(seats))).toBe(2500);
  expect(swapped(seats, drawn(seats), [], 2500).order).toEqual(["ann", "bo", "fay", "dai", "eve", "cho"]);
});

test("a pinned or speaking neighbour keeps the seat", () => {
  const seats = heard(six, ["fay", "cho"], 0);
  expect(swapped(seats, drawn(seats), ["ann", "bo"], 1500).order).toEqual([
    "ann",
    "bo",
    "cho",
    "fay",
    "eve",
    "dai",
  ]);
  const all = heard(six, ["ann", "bo", "cho", "dai", "fay"], 0);
  expect(swapped(all, drawn(all), [], 5000)).toBe(all);
});

test("no second swap within 2 s", () => {
  const seats = heard(six, ["eve", "fay"], 0);
  const once = swapped(seats, drawn(seats), [], 1500);
  expect(swapped(once, drawn(once), [], 3400)).toBe(once);
  expect(nextSwap(once, drawn(once))).toBe(3500);
  expect(swapped(once, drawn(once), [], 3500)).not.toBe(once);
});

test("nobody off the page speaks: nothing to wait for", () => {
  expect(nextSwap(heard(six, ["ann"], 0), drawn(six))).toBeUndefined();
});

test("pinned first, self last on page one", () => {
  const pinned = seatOrder(six, ["dai"]);
  expect(withSelf(pinned, "me", 25)).toEqual(["dai", "ann", "bo", "cho", "eve", "fay", "me"]);
  expect(withSelf(six.order, "me", 4)).toEqual(["ann", "bo", "cho", "me", "dai", "eve", "fay"]);
  expect(withSelf(six.order, "me", 1)[0]).toBe("me");
  expect(withSelf(seatOrder(six, ["gone"]), undefined, 4)).toEqual(six.order);
});

test("of 26 people on pages of 25, oneself among them, whoever is on page two is seen when they speak", () => {
  const others = Array.from({ length: 25 }, (_, index) => `p${index + 1}`);
  for (const speaker of others.slice(20)) {
    const seats = heard(seated(emptySeats, others), [speaker], 0);
    const page = (of: Seats): Drawn => ({ order: withSelf(of.order, "me", 25), onPage: 25 });
    const after = swapped(seats, page(seats), ["me"], 1500);
    expect(page(after).order.slice(0, 25)).toContain(speaker);
    expect(page(after).order[24]).toBe("me");
  }
});

test("a speaker is swapped neither into a pinned seat nor into one that is not drawn", () => {
  const seats = heard(six, ["eve"], 0);
  const page = (of: Seats): Drawn => ({ order: withSelf(seatOrder(of, ["fay"]), "me", 4), onPage: 4 });
  expect(page(seats).order).toEqual(["fay", "ann", "bo", "me", "cho", "dai", "eve"]);
  const after = swapped(seats, page(seats), ["me", "fay"], 1500);
  expect(page(after).order.slice(0, 4)).toEqual(["fay", "eve", "bo", "me"]);
});
