/**
 * The page's half of the privilege matrix: role × setting × what is offered. The cells are those that the server is asked
 * by (`tests/privileges.json`); here stands where in the page each verb is, and that nothing is offered beyond them.
 */
import { act, screen } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import { activate, openCatalog } from "./i18n/i18n";
import type { Present } from "./core/meeting/present";
import { feature as attendance } from "./features/attendance/room";
import { feature as call } from "./features/call/room";
import { ChatPanel } from "./features/chat/ChatPanel";
import { feature as chat } from "./features/chat/room";
import { feature as people } from "./features/people/room";
import { feature as polls } from "./features/polls/room";
import { feature as reactions } from "./features/reactions/room";
import { feature as waiting } from "./features/waiting/room";
import { feature as invite } from "./features/invite/room";
import { type RoomFeature, ordered } from "./ui/room/feature";
import { usePersonActions } from "./ui/room/person";
import { TestRoom } from "./ui/room/room.testing";

import table from "../../tests/privileges.json";

import { feature as host } from "./features/host/room";

vi.mock("./core/devices/meter", () => ({
  audioContext: () => ({ state: "suspended" }),
  startMeter: () => () => undefined,
}));
vi.mock("./core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

const features: readonly RoomFeature[] = [
  attendance,
  call,
  chat,
  host,
  invite,
  people,
  polls,
  reactions,
  waiting,
];

/** Roles that have the room to look at: who waits, is removed or is elsewhere sees nothing of it. */
const roles = ["owner", "host", "cohost", "member", "guest"] as const;
type Role = (typeof roles)[number];
/** What a setting shows of itself besides what one may. */
const shownAs: Readonly<Record<string, object>> = {
  locked: { locked: true },
  stopped: { stopped: { at: "2026-11-27T09:00:00Z", by: "x", name: "X", kept: {} }, locked: true },
  "chat to hosts": { policy: { chat: "hosts" } },
  class: { policy: { preset: "class", chat: "hosts" } },
};
const settings = table.settings as Readonly<
  Record<string, Readonly<Record<"may" | "allowed", Record<Role, string[]>>>>
>;

const wordsOf = (role: Role, setting: string): string[] => settings[setting]?.may[role] ?? [];
const isAllowed = (role: Role, setting: string, verb: string): boolean =>
  settings[setting]?.allowed[role].includes(verb) ?? false;

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

function stands(role: Role, setting: string, also: object = {}): TestRoom {
  const others = [
    { id: "bo", name: "Bo", role: "guest", joinedAt: "" },
    { id: "me", name: "Me", role, joinedAt: "" },
  ];
  const wait = isAllowed(role, setting, "meeting.admit")
    ? [{ id: "w", name: "Wai", at: "", marks: [], yes: [] }]
    : [];
  return new TestRoom(features).stands({
    role,
    may: wordsOf(role, setting),
    meeting: { people: others, waiting: wait, ...shownAs[setting] },
    snapshot: { reactions: { hands: ["bo"] }, ...also },
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

const cells = roles.flatMap((role) => Object.keys(settings).map((setting) => [role, setting] as const));

/** Each item of the menu of a person, and the verb that it asks for. */
const items: Readonly<Record<string, string>> = {
  mute: "meeting.mute",
  "stop-video": "meeting.mute",
  "stop-share": "meeting.mute",
  spotlight: "meeting.spotlight",
  allow: "meeting.let",
  "to-waiting": "meeting.send_to_waiting",
  remove: "meeting.remove",
  "lower-hand": "reactions.lower",
  "make-cohost": "meeting.make_cohost",
  "hand-over": "meeting.hand_over",
};
const barred = { microphone: "microphone", camera: "camera", share: "screen_share" } as const;

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

describe.each(cells)("%s, %s", (role, setting) => {
  const isHost = isAllowed(role, setting, "meeting.set_policy");

  it("the menu of somebody offers what one may do with them, and nothing else", () => {
    const ids = offered(stands(role, setting), bo);
    for (const [item, verb] of Object.entries(items))
      expect([item, ids.includes(item)]).toEqual([item, isAllowed(role, setting, verb)]);
  });

  it("the menu of oneself offers to rename where one may, and nothing that is done to others", () => {
    const ids = offered(stands(role, setting), { ...bo, id: "me", name: "Me", self: true });
    expect(ids.includes("rename")).toBe(isAllowed(role, setting, "meeting.rename"));
    expect(ids.filter((id) => id in items && id !== "spotlight")).toEqual([]);
  });

  it("a button that would be refused is grey and says why; host tools are the hosts' alone", () => {
    const shown = bar(stands(role, setting));
    expect("host" in shown).toBe(isHost);
    for (const [id, source] of Object.entries(barred))
      if (id in shown)
        expect([id, shown[id]]).toEqual([
          id,
          isAllowed(role, setting, `media.${source}`) ? "open" : "barred",
        ]);
    expect(shown["react"]).toBe(isAllowed(role, setting, "reactions.react") ? "open" : "barred");
    expect(shown["hand"]).toBe(isAllowed(role, setting, "reactions.raise") ? "open" : "barred");
  });

  it("there is a field to write in for whom one may write to, and no other", () => {
    const { unmount } = stands(role, setting).draw(<ChatPanel />);
    expect(screen.queryByRole("textbox", { name: /^Message/ }) !== null).toBe(
      isAllowed(role, setting, "chat.send to a host"),
    );
    expect(screen.queryByText("Everyone") !== null).toBe(isAllowed(role, setting, "chat.send"));
    unmount();
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

  it("attendance is switched, and a check-in called, by hosts; everybody else answers it", () => {
    const here = { id: 1, until: "2026-11-27T09:01:00Z" };
    const room = stands(role, setting, { attendance: { on: true, checking: here, here: false } });
    const [Tools, Asked] = [attendance.hostTool?.Part, attendance.banner?.Part];
    if (!Tools || !Asked) throw new Error("attendance has a tool and a banner");
    const { unmount } = room.draw(
      <>
        {isHost && <Tools />}
        <Asked />
      </>,
    );
    expect(screen.queryAllByRole("switch")).toHaveLength(
      isAllowed(role, setting, "attendance.switch") ? 1 : 0,
    );
    const answers = screen.queryAllByRole("button", { name: "I'm here" });
    expect(answers).toHaveLength(!isHost && isAllowed(role, setting, "attendance.here") ? 1 : 0);
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
