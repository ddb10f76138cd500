import { describe, expect, it } from "vitest";

import { deciderOf, isBarred, readFloor } from "./floor";

const floor = readFloor({
  waiting_room: { value: "guests", by: "Northfield" },
  chat: { value: "hosts", by: "Class 3" },
  share: { value: "hosts", by: "Northfield" },
  links: { value: "personal", by: "Northfield" },
  mute_on_entry: { value: "later", by: "A newer server" },
});

describe("what an organisation decided", () => {
  it.each([
    ["waiting_room", "off", true],
    ["waiting_room", "guests", false],
    ["waiting_room", "everyone", false],
    ["chat", "all", true],
    ["chat", "hosts", false],
    ["chat", "off", false],
    ["share", "everybody", true],
    ["rename", "everybody", false],
    ["mute_on_entry", "off", false],
  ] as const)("%s: %s is barred: %s", (rule, choice, barred) => {
    expect(isBarred(floor, rule, choice)).toBe(barred);
  });

  it("says who, where it leaves one less to choose", () => {
    expect(deciderOf(floor, "chat")).toBe("Class 3");
    expect(deciderOf(floor, "rename")).toBeUndefined();
    expect(deciderOf(floor, "mute_on_entry")).toBeUndefined();
    expect(deciderOf(readFloor({ chat: { value: "everybody", by: "X" } }), "chat")).toBeUndefined();
    expect(readFloor("nonsense")).toEqual({});
  });
});
