import { expect, it } from "vitest";

import { avatarColour, avatarColours, initials, tidyName } from "./names";

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
