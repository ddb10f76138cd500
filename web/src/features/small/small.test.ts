import { afterEach, expect, test, vi } from "vitest";

import type { Present } from "../../core/meeting/present";

import { leadOf } from "./small";

function person(id: string, change: Partial<Present> = {}): Present {
  return {
    id,
    name: id,
    role: "member",
    self: false,
    microphone: "muted",
    camera: false,
    screen: false,
    line: "good",
    paused: false,
    connection: "in",
    ...change,
  };
}

const me = person("me", { self: true, camera: true });

test("what is shared is seen before who speaks, the newest of it", () => {
  const people = [me, person("ann", { screen: true }), person("bo", { screen: true }), person("cho")];
  expect(leadOf(people, "cho")).toEqual({ id: "bo", source: "screen" });
});

test("who spoke last is seen, then whoever has a picture, then anybody", () => {
  const people = [me, person("ann"), person("bo", { camera: true })];
  expect(leadOf(people, "ann")?.id).toBe("ann");
  expect(leadOf(people, undefined)?.id).toBe("bo");
  expect(leadOf(people, "gone")?.id).toBe("bo");
  expect(leadOf([me, person("ann")], undefined)?.id).toBe("ann");
});

test("oneself is seen by who is alone, and one's own share never", () => {
  expect(leadOf([{ ...me, screen: true }], "me")).toEqual({ id: "me", source: "camera" });
  expect(leadOf([], undefined)).toBeUndefined();
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

/** A browser with windows of one's own that knows these actions. */
async function canOpenItself(...known: string[]): Promise<boolean> {
  vi.resetModules();
  vi.stubGlobal("documentPictureInPicture", {});
  const setActionHandler = (action: string) => {
    if (!known.includes(action)) throw new TypeError(action);
  };
  vi.stubGlobal("navigator", { mediaSession: { setActionHandler } });
  return (await import("./small")).canOpenItself();
}

test("the switch is offered only where the browser asks for the small window by itself", async () => {
  expect(await canOpenItself("play", "enterpictureinpicture")).toBe(true);
  expect(await canOpenItself("play")).toBe(false);
});
