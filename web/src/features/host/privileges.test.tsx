/**
 * The page's half of the privilege matrix: role × setting × what is offered. What somebody may is the server's word; here
 * stands which word is asked for what, and that nothing is offered beyond it.
 */
import { act, screen } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import type { Present } from "../../core/meeting/present";
import { feature as call } from "../call/room";
import { feature as chat } from "../chat/room";
import { feature as people } from "../people/room";
import { feature as polls } from "../polls/room";
import { feature as reactions } from "../reactions/room";
import { feature as waiting } from "../waiting/room";
import { feature as invite } from "../invite/room";
import { type RoomFeature, ordered } from "../../ui/room/feature";
import { usePersonActions } from "../../ui/room/person";
import { TestRoom } from "../../ui/room/room.testing";

import { feature as host } from "./room";

vi.mock("../../core/devices/meter", () => ({
  audioContext: () => ({ state: "suspended" }),
  startMeter: () => () => undefined,
}));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

const features: readonly RoomFeature[] = [call, chat, host, invite, people, polls, reactions, waiting];

const all = ["chat", "chat_hosts", "draw", "host", "own", "react", "rename", "share", "unmute", "video"];
const without = (...words: string[]) => all.filter((word) => !words.includes(word));

/** As the server folds role, policy and overrides: `permissions.py`, whose own matrix is asserted there. */
const roles: Readonly<Record<string, readonly string[]>> = {
  owner: all,
  host: all,
  cohost: without("own"),
  member: without("own", "host", "rename"),
  guest: without("own", "host"),
};
const settings: Readonly<Record<string, { left: readonly string[]; meeting: object }>> = {
  open: { left: all, meeting: {} },
  locked: { left: all, meeting: { locked: true } },
  class: {
    left: without("chat", "share", "rename"),
    meeting: { policy: { preset: "class", chat: "hosts" } },
  },
  stopped: {
    left: [],
    meeting: { stopped: { at: "2026-11-27T09:00:00Z", by: "x", name: "X", kept: {} }, locked: true },
  },
};
const hosting = ["owner", "host", "cohost"];

function mayOf(role: string, setting: string): string[] {
  const own = roles[role] ?? [];
  if (hosting.includes(role)) return [...own];
  return own.filter((word) => settings[setting]?.left.includes(word));
}

const bo: Present = {
  id: "bo",
  name: "Bo",
  role: "guest",
  self: false,
  microphone: "live",
  camera: true,
  screen: true,
  line: "good",
  paused: false,
  connection: "in",
};

function stands(role: string, setting: string): TestRoom {
  const others = [
    { id: "bo", name: "Bo", role: "guest", joinedAt: "" },
    { id: "me", name: "Me", role, joinedAt: "" },
  ];
  const wait = hosting.includes(role) ? [{ id: "w", name: "Wai", at: "", marks: [], yes: [] }] : [];
  return new TestRoom(features).stands({
    role,
    may: mayOf(role, setting),
    meeting: { people: others, waiting: wait, ...settings[setting]?.meeting },
    snapshot: { reactions: { hands: ["bo"] } },
  });
}

/** What a menu of Bo offers, by id. */
function offered(room: TestRoom, person: Present): string[] {
  let ids: string[] = [];
  function Menu() {
    ids = usePersonActions(person).map(({ id }) => id);
    return null;
  }
  const { unmount } = room.draw(<Menu />);
  unmount();
  return ids;
}

/** The buttons of the bar, and whether each may be used or says why not. */
function bar(room: TestRoom): Record<string, "open" | "barred"> {
  const { container, unmount } = room.draw(
    ordered(features, ({ bar: slots }) => slots).map(({ id, Button }) => (
      <div key={id} data-slot={id}>
        <Button />
      </div>
    )),
  );
  const found = [...container.querySelectorAll<HTMLElement>("[data-slot]")].flatMap((slot) => {
    const button = slot.querySelector("button");
    const barred = button?.hasAttribute("data-barred") ? "barred" : "open";
    return button ? [[slot.dataset["slot"] ?? "", barred] as const] : [];
  });
  unmount();
  return Object.fromEntries(found);
}

const cells = Object.keys(roles).flatMap((role) =>
  Object.keys(settings).map((setting) => [role, setting] as const),
);

/** Of a person: what every host is offered, and what owners are besides. */
const HOSTS = [
  "mute",
  "stop-video",
  "stop-share",
  "spotlight",
  "allow",
  "to-waiting",
  "remove",
  "block",
  "report",
  "lower-hand",
];
const OWNERS = ["make-cohost", "hand-over"];

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

describe.each(cells)("%s, %s", (role, setting) => {
  const may = mayOf(role, setting);
  const isHost = may.includes("host");

  it("the menu of somebody offers what one may do with them, and nothing else", () => {
    const ids = offered(stands(role, setting), bo);
    const wanted = isHost ? [...HOSTS, ...(may.includes("own") ? OWNERS : [])] : [];
    expect(ids.filter((id) => [...HOSTS, ...OWNERS, "unmake-cohost"].includes(id)).sort()).toEqual(
      wanted.sort(),
    );
  });

  it("the menu of oneself offers to rename where one may", () => {
    const ids = offered(stands(role, setting), { ...bo, id: "me", name: "Me", self: true });
    expect(ids.includes("rename")).toBe(may.includes("rename"));
    expect(
      ids.filter((id) => [...OWNERS, "remove", "block", "to-waiting", "report", "mute"].includes(id)),
    ).toEqual([]);
  });

  it("a button that would be refused is grey and says why; host tools are the hosts' alone", () => {
    const shown = bar(stands(role, setting));
    expect("host" in shown).toBe(isHost);
    const barred = { microphone: "unmute", camera: "video", share: "share", react: "react" } as const;
    for (const [id, word] of Object.entries(barred))
      if (id in shown) expect([id, shown[id]]).toEqual([id, may.includes(word) ? "open" : "barred"]);
    expect(shown["react"]).toBeDefined();
    expect(shown["hand"]).toBe("open");
  });

  it("who waits is shown to hosts, and to nobody else", () => {
    const room = stands(role, setting);
    const Banner = waiting.banner?.Part;
    if (!Banner) throw new Error("the waiting room has a banner");
    const { unmount } = room.draw(<Banner />);
    expect(screen.queryAllByRole("button", { name: "Admit Wai" })).toHaveLength(isHost ? 1 : 0);
    expect(screen.queryByText(/Wai/) !== null).toBe(isHost);
    unmount();
  });

  it("personal links are the hosts'", () => {
    const room = stands(role, setting);
    const { Attendant } = invite;
    if (!Attendant) throw new Error("links have a dialog");
    act(() => room.room.look.update((before) => ({ ...before, sheet: "invite" })));
    const { unmount } = room.draw(<Attendant />);
    expect(screen.queryAllByRole("dialog", { name: "Personal links" })).toHaveLength(isHost ? 1 : 0);
    unmount();
  });
});
