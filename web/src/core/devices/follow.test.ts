import { expect, test } from "vitest";

import { follow, type Seen } from "./follow";

const out = (id: string): Seen => ({
  deviceId: id,
  groupId: `group of ${id}`,
  kind: "audiooutput",
  label: `the ${id}`,
});
const into = (id: string): Seen => ({ ...out(id), deviceId: `${id} microphone`, kind: "audioinput" });
const desk = [out("default"), out("desk"), into("desk")];
const usual = { chosen: null, missed: null };

test("a headset that is plugged in is heard from, whatever was chosen before", () => {
  const now = [...desk, out("headset"), into("headset")];
  const found = [
    { chosen: "headset", missed: null },
    { what: "headset", name: "the headset" },
  ];
  expect(follow(usual, desk, now)).toEqual(found);
  expect(follow({ chosen: "desk", missed: null }, desk, now)).toEqual(found);
});

test("a headset whose halves come one after the other is one", () => {
  const [ears, mouth] = [
    [...desk, out("headset")],
    [...desk, into("headset")],
  ];
  const whole = [...desk, out("headset"), into("headset")];
  for (const half of [ears, mouth]) {
    expect(follow(usual, desk, half)).toEqual([usual, null]);
    expect(follow(usual, half, whole)[0].chosen).toBe("headset");
  }
});

test("a screen with loudspeakers is no headset: nothing changes", () => {
  expect(follow(usual, desk, [...desk, out("screen")])).toEqual([usual, null]);
});

test("what is pulled gives way to the system's own, and is taken again when it is back", () => {
  const all = [...desk, out("screen")];
  const [without, lost] = follow({ chosen: "screen", missed: null }, all, desk);
  expect([without, lost]).toEqual([
    { chosen: "", missed: "screen" },
    { what: "lost", old: "the screen" },
  ]);
  expect(follow(without, desk, all)).toEqual([
    { chosen: "screen", missed: null },
    { what: "back", name: "the screen" },
  ]);
});

test("what somebody doesn't use may go, and names that only come with a permission are no device that was plugged in", () => {
  expect(follow({ chosen: "desk", missed: null }, [...desk, out("screen")], desk)).toEqual([
    { chosen: "desk", missed: null },
    null,
  ]);
  const nameless = desk.map((each) => ({ ...each, deviceId: "", groupId: "", label: "" }));
  expect(follow(usual, nameless, [...desk, out("headset"), into("headset")])).toEqual([usual, null]);
});
