import { beforeAll, expect, test, vi } from "vitest";

import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { Attendant } from "./Attendant";

vi.mock("../../core/devices/meter", () => ({ startMeter: () => () => undefined }));
vi.mock("../../core/meeting/media/livekit", () => ({ loadLiveKit: () => new Promise(() => undefined) }));

beforeAll(async () => {
  activate("en");
  await openCatalog("room");
});

const waits = (id: string) => ({ id, name: id, at: "", marks: [], yes: [] });

test("the tab says which meeting it is, and to a host how many stand at its door", () => {
  const room = new TestRoom().stands({ may: ["host"], meeting: { title: "Physics", waiting: [waits("a")] } });
  room.draw(<Attendant />);
  expect(document.title).toBe("(1) Physics · Folkmoot");
  const event = (seq: number, type: string, payload: object) => ({
    event: { seq, at: "", feature: "meeting", type, by: null, payload },
  });
  room.says(event(2, "waiting", waits("b")));
  expect(document.title).toBe("(2) Physics · Folkmoot");
  room.says(event(3, "waiting_left", { id: "a", reason: "left" }));
  room.says(event(4, "joined", { id: "b", name: "b", role: "guest" }));
  expect(document.title).toBe("Physics · Folkmoot");
});

test("a meeting without a title has its number in the tab", () => {
  const room = new TestRoom().stands({ meeting: { title: "" } });
  room.room.session.passage.join.meeting.title = "";
  room.draw(<Attendant />);
  expect(document.title).toBe("Meeting 123 456 789 012 · Folkmoot");
});
