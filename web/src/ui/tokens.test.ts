// The contrast table of the design, recomputed from the tokens: text needs 4.5, lines and rings need 3.0.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { avatarColours } from "../core/names";

const css = readFileSync(join(import.meta.dirname, "tokens.css"), "utf8");

type Palette = Record<string, string>;

function palette(selector: RegExp): Palette {
  const block = selector.exec(css)?.[1] ?? "";
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)].map((match) => [match[1], match[2]]),
  );
}

const light = palette(/\[data-theme="light"\] \{([^}]*)\}/);
const dark = palette(/\n\[data-theme="dark"\] \{([^}]*)\}/);
const darkSystem = palette(/:root:not\(\[data-theme\]\) \{([^}]*)\}/);

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string | undefined, other: string | undefined): number {
  if (!one || !other) throw new Error("a token is missing");
  const [dim, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dim + 0.05);
}

const grounds = ["canvas", "surface", "stage"] as const;

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s palette", (_theme, tokens) => {
  it.each([
    "text",
    "text-2",
    "text-3",
    "accent",
    "accent-hover",
    "danger",
    "danger-hover",
    "warn",
    "info",
    "service",
  ])("reads --%s on every ground", (ink) => {
    for (const ground of grounds) {
      expect(contrast(tokens[ink], tokens[ground]), `on --${ground}`).toBeGreaterThanOrEqual(4.5);
    }
  });

  it.each(["line", "focus", "speak"])("draws --%s so that it is seen", (line) => {
    for (const ground of grounds) {
      expect(contrast(tokens[line], tokens[ground]), `on --${ground}`).toBeGreaterThanOrEqual(3);
    }
  });

  it("keeps the speaking ring visible beside a tile", () => {
    expect(contrast(tokens["speak"], tokens["tile"])).toBeGreaterThanOrEqual(3);
  });

  it("reads labels on filled buttons, also under the pointer", () => {
    for (const fill of ["accent", "danger"]) {
      expect(contrast(tokens[`on-${fill}`], tokens[fill])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tokens[`on-${fill}`], tokens[`${fill}-hover`])).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast("#ffffff", tokens["leave"])).toBeGreaterThanOrEqual(4.5);
    expect(contrast("#ffffff", tokens["leave-hover"])).toBeGreaterThanOrEqual(4.5);
  });

  it.each(["accent", "danger", "warn", "info", "service"])(
    "reads text and its own hue on --%s-soft",
    (hue) => {
      expect(contrast(tokens["text"], tokens[`${hue}-soft`])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tokens[hue], tokens[`${hue}-soft`])).toBeGreaterThanOrEqual(4.5);
    },
  );

  it("reads text in wells, inputs and control buttons", () => {
    for (const ground of ["sunken", "ctl"]) {
      expect(contrast(tokens["text"], tokens[ground])).toBeGreaterThanOrEqual(4.5);
      expect(contrast(tokens["text-3"], tokens["sunken"])).toBeGreaterThanOrEqual(4.5);
    }
  });
});

it("a dark system and a dark part of the page look the same", () => {
  expect(darkSystem).toEqual(dark);
  expect(Object.keys(dark).filter((token) => token !== "edge")).toEqual(Object.keys(light));
});

it("the numbers are those of the design", () => {
  const ratio = (one: string | undefined, other: string | undefined) => contrast(one, other).toFixed(1);
  expect(grounds.map((ground) => ratio(light["text"], light[ground]))).toEqual(["15.8", "17.1", "13.1"]);
  expect(grounds.map((ground) => ratio(dark["accent"], dark[ground]))).toEqual(["9.8", "8.9", "10.4"]);
  expect(grounds.map((ground) => ratio(light["line"], light[ground]))).toEqual(["4.1", "4.4", "3.4"]);
});

it("white initials read on every avatar", () => {
  for (const colour of avatarColours) expect(contrast("#ffffff", colour)).toBeGreaterThanOrEqual(4.5);
});
