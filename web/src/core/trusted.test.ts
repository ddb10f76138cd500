import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  vi.resetModules();
});

async function fresh(): Promise<typeof import("./trusted")> {
  vi.stubGlobal("location", new URL("https://ours.example/m/123"));
  vi.stubEnv("DEV", false);
  return import("./trusted");
}

test("a worker of ours has a trusted address, by the one policy that the page has", async () => {
  const createPolicy = vi.fn((_: string, rules: { createScriptURL(address: string): string }) => rules);
  vi.stubGlobal("trustedTypes", { createPolicy });
  const { ownScript } = await fresh();
  expect(ownScript("/assets/worker-abc12345.js")).toBe("/assets/worker-abc12345.js");
  expect(ownScript("/offline.js")).toBe("/offline.js");
  expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(["folkmoot"]);
});

test.each([
  "https://elsewhere.example/assets/a.js",
  "/assets/../api/evil.js",
  "data:text/javascript,1",
  "/m/1.js",
])("nothing else has: %s", async (address) => {
  const { ownScript } = await fresh();
  expect(() => ownScript(address)).toThrow(TypeError);
});
