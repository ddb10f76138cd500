import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import { beforeAll, describe, expect, test, vi } from "vitest";

import { NoiseFilter } from "./noise";

const RATE = 48_000;
const SECONDS = 6;
const { resolve } = createRequire(import.meta.url);

type Filter = { process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean };
let make: new (options: object) => Filter;

/** The worklet that people get, in a place that looks like one. */
beforeAll(async () => {
  vi.stubGlobal("sampleRate", RATE);
  vi.stubGlobal(
    "AudioWorkletProcessor",
    class {
      port = { addEventListener: () => undefined };
    },
  );
  vi.stubGlobal("registerProcessor", (_: string, processor: typeof make) => {
    make = processor;
  });
  await import("@sapphi-red/web-noise-suppressor/gtcrnWorklet.js" as string);
});

/** The same noise each time. */
function noise(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 1_664_525 + 1_013_904_223) >>> 0;
    return seed / 2 ** 31 - 1;
  };
}

/** Vowels: a voice's pulses through the throat's three resonances, in syllables and phrases, with a hiss now and then. */
function speech(): Float32Array {
  const [sound, hiss] = [new Float32Array(SECONDS * RATE), noise()];
  const vowels = [
    [730, 1090, 2440],
    [270, 2290, 3010],
    [300, 870, 2240],
    [530, 1840, 2480],
    [570, 840, 2410],
  ];
  const rings = [0, 1, 2].map(() => [0, 0] as [number, number]);
  let phase = 0;
  for (let index = 0; index < sound.length; index += 1) {
    const time = index / RATE;
    const syllable = Math.floor(time / 0.22);
    const part = (time % 0.22) / 0.22;
    const speaks = time % 3.2 < 2.6;
    const envelope = speaks ? Math.min(1, part * 8) * Math.min(1, (1 - part) * 5) : 0;
    phase = (phase + (118 + 22 * Math.sin(time * 2.1) + 8 * Math.sin(time * 9)) / RATE) % 1;
    const pulse = (phase < 0.6 ? Math.sin((Math.PI * phase) / 0.6) ** 2 : 0) - 0.35 + 0.02 * hiss();
    const voice = rings.reduce((sum, ring, which) => {
      const hertz = vowels[(syllable * 7) % 5]?.[which] ?? 0;
      const decay = Math.exp((-Math.PI * (60 + 40 * which)) / RATE);
      const next =
        pulse * (1 - decay) +
        2 * decay * Math.cos((2 * Math.PI * hertz) / RATE) * ring[0] -
        decay * decay * ring[1];
      [ring[1], ring[0]] = [ring[0], next];
      return sum + next / (which + 1);
    }, 0);
    sound[index] = envelope * voice;
  }
  const loudest = sound.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return sound.map((value) => (value * 0.4) / loudest);
}

/** Keys that go down and up, some seven a second. */
function typing(): Float32Array {
  const [sound, click] = [new Float32Array(SECONDS * RATE), noise()];
  for (let at = 0.05; at < SECONDS - 0.2; at += 0.12 + 0.06 * Math.abs(click()))
    for (const [later, gain] of [
      [0, 1],
      [0.07, 0.6],
    ] as const)
      for (let step = 0; step < RATE * 0.03; step += 1) {
        const index = Math.floor((at + later) * RATE) + step;
        const body = 0.12 * Math.sin((2 * Math.PI * 1000 * step) / RATE) * Math.exp(-step / (RATE * 0.008));
        sound[index] =
          (sound[index] ?? 0) + gain * (0.35 * click() * Math.exp(-step / (RATE * 0.004)) + body);
      }
  return sound;
}

function fan(): Float32Array {
  const hiss = noise();
  let low = 0;
  return new Float32Array(SECONDS * RATE).map((_, index) => {
    low = low * 0.97 + hiss() * 0.03;
    return low * 0.5 + 0.01 * Math.sin((2 * Math.PI * 120 * index) / RATE);
  });
}

/** Decibels, once the filter has found its feet. */
function loudness(sound: Float32Array): number {
  const heard = sound.subarray(RATE);
  return 10 * Math.log10(heard.reduce((sum, value) => sum + value * value, 0) / heard.length + 1e-12);
}

async function filtered(sound: Float32Array): Promise<Float32Array> {
  const wasmBinary = readFileSync(resolve("@sapphi-red/web-noise-suppressor/gtcrn.wasm"));
  const filter = new make({ processorOptions: { maxChannels: 1, wasmBinary } });
  const out = new Float32Array(sound.length);
  const isReady = (): boolean => {
    const [probe] = [new Float32Array(128)];
    for (let block = 0; block < 12; block += 1)
      filter.process([[new Float32Array(128).fill(0.1)]], [[probe]]);
    return probe.some((value) => value !== 0);
  };
  await vi.waitFor(() => expect(isReady()).toBe(true), 10_000);
  for (let at = 0; at + 128 <= sound.length; at += 128)
    filter.process([[sound.subarray(at, at + 128)]], [[out.subarray(at, at + 128)]]);
  return out;
}

describe("what the filter makes of recordings", () => {
  test.each([
    ["typing", typing, -15],
    ["a fan", fan, -15],
  ] as const)(
    "%s goes",
    async (_, record, wanted) => {
      const sound = record();
      expect(loudness(await filtered(sound)) - loudness(sound)).toBeLessThan(wanted);
    },
    30_000,
  );

  test("speech stays", async () => {
    const sound = speech();
    expect(Math.abs(loudness(await filtered(sound)) - loudness(sound))).toBeLessThan(1);
  }, 30_000);
});

describe("where no sound can be worked on", () => {
  test("the microphone goes out as it is, and that is said", async () => {
    const audio = { state: "suspended", resume: () => Promise.resolve() } as unknown as AudioContext;
    const filter = new NoiseFilter(
      () => undefined,
      () => audio,
    );
    const raw = { kind: "audio" } as MediaStreamTrack;
    const made = await filter.process([raw]);
    expect(made.tracks).toEqual([raw]);
    expect(filter.state.get()).toBe("impossible");
  });
});
