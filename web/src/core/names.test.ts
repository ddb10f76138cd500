import { expect, it, vi } from "vitest";

import { avatarColour, avatarColours, graphemes, initials, tidyName } from "./names";

it("initials follow the way a name is written", () => {
  expect(initials("王思远")).toBe("思远");
  expect(initials("李娜")).toBe("李娜");
  expect(initials("Amara Okafor")).toBe("AO");
  expect(initials("tomás de la rivera")).toBe("TR");
  expect(initials("Ada")).toBe("A");
  expect(initials("👩‍🏫")).toBe("👩‍🏫");
  expect(initials("")).toBe("");
});

it("a name cannot turn the text around it", () => {
  expect(tidyName("  Ada\u202e\u0007 \u3000 Lovelace ")).toBe("Ada Lovelace");
});

it("a colour belongs to an id for good", () => {
  expect(avatarColour("p-1")).toBe(avatarColour("p-1"));
  expect(avatarColours).toContain(avatarColour("anyone"));
});

it("a browser that can't take letters apart counts a letter with its marks as one", () => {
  vi.stubGlobal("Intl", { ...Intl, Segmenter: undefined });
  delete (Intl as { Segmenter?: unknown }).Segmenter;
  expect(graphemes("e\u0301a李")).toEqual(["e\u0301", "a", "李"]);
  vi.unstubAllGlobals();
});
