import { expect, test } from "vitest";

import { emptySeats, heard, nextSwap, seated, seatOrder, swapped } from "./seats";

const six = seated(emptySeats, ["ann", "bo", "cho", "dai", "eve", "fay"]);

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
  expect(swapped(seats, 4, [], 2400)).toBe(seats);
  expect(nextSwap(seats, 4)).toBe(2500);
  expect(swapped(seats, 4, [], 2500).order).toEqual(["ann", "bo", "fay", "dai", "eve", "cho"]);
});

test("a pinned or speaking neighbour keeps the seat", () => {
  const seats = heard(six, ["fay", "cho"], 0);
  expect(swapped(seats, 4, ["ann", "bo"], 1500).order).toEqual(["ann", "bo", "cho", "fay", "eve", "dai"]);
  const all = heard(six, ["ann", "bo", "cho", "dai", "fay"], 0);
  expect(swapped(all, 4, [], 5000)).toBe(all);
});

test("no second swap within 2 s", () => {
  const seats = heard(six, ["eve", "fay"], 0);
  const once = swapped(seats, 4, [], 1500);
  expect(swapped(once, 4, [], 3400)).toBe(once);
  expect(nextSwap(once, 4)).toBe(3500);
  expect(swapped(once, 4, [], 3500)).not.toBe(once);
});

test("nobody off the page speaks: nothing to wait for", () => {
  expect(nextSwap(heard(six, ["ann"], 0), 4)).toBeUndefined();
});

test("pinned first, self last on page one", () => {
  expect(seatOrder(six, ["dai"], "me", 25)).toEqual(["dai", "ann", "bo", "cho", "eve", "fay", "me"]);
  expect(seatOrder(six, [], "me", 4)).toEqual(["ann", "bo", "cho", "me", "dai", "eve", "fay"]);
  expect(seatOrder(six, ["gone"], undefined, 4)).toEqual(six.order);
});
