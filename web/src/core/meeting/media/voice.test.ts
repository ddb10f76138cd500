import { expect, test } from "vitest";

import { isVoiced, Talking } from "./voice";

const RATE = 48_000;

function sound(of: (seconds: number, index: number) => number): Float32Array {
  return Float32Array.from({ length: 2048 }, (_, index) => of(index / RATE, index));
}

/** The same noise every time. */
function noise(index: number): number {
  const x = Math.sin(index * 12.9898) * 43_758.5453;
  return 2 * (x - Math.floor(x)) - 1;
}

/** A throat: a pitch and its overtones, with some breath. */
function voice(hertz: number) {
  return (at: number, index: number) =>
    [1, 2, 3, 4, 5].reduce((sum, n) => sum + Math.sin(2 * Math.PI * hertz * n * at) / n, 0) * 0.1 +
    noise(index) * 0.02;
}

test("low and high voices are voices", () => {
  for (const hertz of [90, 120, 180, 240, 320]) expect(isVoiced(sound(voice(hertz)), RATE)).toBe(true);
});

test("hiss, a hum of the mains, a knock and silence are none", () => {
  expect(
    isVoiced(
      sound((_, i) => noise(i) * 0.3),
      RATE,
    ),
  ).toBe(false);
  expect(
    isVoiced(
      sound((at) => Math.sin(2 * Math.PI * 50 * at) * 0.3),
      RATE,
    ),
  ).toBe(false);
  expect(
    isVoiced(
      sound((at, i) => noise(i) * Math.exp(-at * 300)),
      RATE,
    ),
  ).toBe(false);
  expect(
    isVoiced(
      sound(() => 0),
      RATE,
    ),
  ).toBe(false);
});

test("a voice in the next room is too quiet", () => {
  expect(
    isVoiced(
      sound((at, i) => voice(150)(at, i) * 0.01),
      RATE,
    ),
  ).toBe(false);
});

test("half a second of voice in a second is talking, a cough is not", () => {
  const talking = new Talking();
  const cough = [true, true, true, false, false, false, false, false, false, false];
  expect(cough.map((voiced, i) => talking.hear(voiced, i * 100))).not.toContain(true);
  const words = [true, true, false, true, true, false, true];
  const said = words.map((voiced, i) => talking.hear(voiced, 1000 + i * 100));
  expect(said.indexOf(true)).toBe(words.length - 1);
});

test("it is said once a minute at most", () => {
  const talking = new Talking();
  const said: number[] = [];
  for (let now = 0; now < 130_000; now += 100) if (talking.hear(true, now)) said.push(now);
  expect(said).toEqual([400, 60_400, 120_400]);
});

test("what was said before the mute does not count", () => {
  const talking = new Talking();
  for (let i = 0; i < 4; i += 1) talking.hear(true, i * 100);
  talking.muted(400);
  expect(talking.hear(true, 400)).toBe(false);
});

test("whoever is muted in mid-sentence may end it", () => {
  const talking = new Talking();
  talking.muted(1000);
  const said: number[] = [];
  for (let now = 1000; now < 10_000; now += 100) if (talking.hear(true, now)) said.push(now);
  expect(said).toEqual([5000]);
});
