import { expect, it, vi } from "vitest";

import { createPrefs, type Shelf } from "./prefs";

function shelf(entries: Record<string, string> = {}): Shelf {
  return {
    getItem: (key) => entries[key] ?? null,
    setItem: (key, value) => {
      entries[key] = value;
    },
    removeItem: (key) => {
      delete entries[key];
    },
  };
}

it("a first visit has the camera off and the microphone on", () => {
  expect(createPrefs(shelf()).get()).toMatchObject({ cameraOn: false, microphoneOn: true, name: "" });
});

it("the next visit remembers", () => {
  const disk = shelf();
  createPrefs(disk).set({ name: "李娜", cameraOn: true });
  expect(createPrefs(disk).get()).toMatchObject({ name: "李娜", cameraOn: true });
});

it("a damaged entry loses itself, not the page", () => {
  expect(createPrefs(shelf({ "folkmoot.prefs": "{" })).get().name).toBe("");
  const odd = JSON.stringify({ name: 7, cameraOn: "yes", cameraId: {}, language: "en" });
  expect(createPrefs(shelf({ "folkmoot.prefs": odd })).get()).toMatchObject({
    name: "",
    cameraOn: false,
    cameraId: null,
    language: "en",
  });
});

it("a browser without storage remembers until reload", () => {
  const refuse = () => {
    throw new DOMException("denied", "SecurityError");
  };
  const prefs = createPrefs({ getItem: refuse, setItem: refuse, removeItem: refuse });
  const heard = vi.fn<() => void>();
  prefs.subscribe(heard);
  prefs.set({ name: "Ada" });
  expect(prefs.get().name).toBe("Ada");
  expect(heard).toHaveBeenCalledOnce();
});
