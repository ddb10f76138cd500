import { act, fireEvent, screen } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { CalendarApi } from "../../core/api/calendar-client";
import { activate, openCatalog } from "../../i18n/i18n";
import { TestRoom } from "../../ui/room/room.testing";

import { Ring } from "./Ring";

const ok = (value: unknown) => Promise.resolve({ kind: "ok", value });
const invited = (id: string, name: string, revoked = false) => ({
  id,
  name,
  account: null,
  address: `${id}@school.example`,
  revoked,
});

function opened(some: object) {
  const room = new TestRoom([]).stands({
    role: "owner",
    may: ["host"],
    meeting: { number: "123456789012", people: [{ id: "bo", name: "Bo", role: "member", joinedAt: "" }] },
  });
  room.room.calendar = () => Promise.resolve(some as CalendarApi);
  room.draw(<Ring />);
}

beforeAll(async () => {
  await activate("en");
  await openCatalog("room");
});

describe("ringing from the room", () => {
  it("shows who is here, and rings who isn't, once", async () => {
    const ring = vi.fn(() => ok({ open: false, mailed: true, quiet: false }));
    const people = [invited("i_1", "Bo"), invited("i_2", "Cai"), invited("i_3", "Gone", true)];
    const byNumber = vi.fn(() => ok({ id: "s_1", people }));
    opened({ byNumber, ring });
    expect(await screen.findByText("Here")).toBeTruthy();
    expect(screen.queryByText("Gone")).toBeNull();
    expect(byNumber).toHaveBeenCalledWith("123456789012");
    const button = screen.getByRole("button", { name: "Ring Cai" });
    await act(async () => fireEvent.click(button));
    expect(ring).toHaveBeenCalledWith("s_1", "i_2");
    expect(button).toHaveProperty("disabled", true);
    expect(screen.queryByRole("button", { name: "Ring Bo" })).toBeNull();
  });

  it("rings nobody who is a name alone", async () => {
    const dana = { ...invited("i_1", "Dana"), address: null };
    opened({ byNumber: () => ok({ id: "s_1", people: [dana, invited("i_2", "Cai")] }) });
    expect(await screen.findByRole("button", { name: "Ring Cai" })).toBeTruthy();
    expect(screen.getByText("Dana")).toBeTruthy();
    expect(screen.queryByRole("button", { name: "Ring Dana" })).toBeNull();
  });

  it("says that there is nobody, also to who planned nothing", async () => {
    opened({
      byNumber: () => Promise.resolve({ kind: "refused", refusal: { code: "calendar.unknown", params: {} } }),
    });
    expect(await screen.findByText("Nobody is invited to this meeting by you.")).toBeTruthy();
  });

  it.each([
    [true, /else by mail/],
    [false, /has no page open can't be rung/],
  ])("says whether who has no page open gets a mail: %s", async (mails, said) => {
    opened({ byNumber: () => ok({ id: "s_1", people: [invited("i_1", "Cai")], mails }) });
    expect(await screen.findByText(said)).toBeTruthy();
  });
});
