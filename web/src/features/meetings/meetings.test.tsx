import { act, fireEvent, render, screen, waitFor } from "@testing-library/react";
import type { ReactNode } from "react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { AnswerShown, Board, CalendarApi, Occurrence, Planned } from "../../core/api/calendar-client";
import { createBoard } from "../../core/calendar/board";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";
import { ToastRegion } from "../../ui/Toast";

import { AnswerPage } from "./AnswerPage";
import { Calendar } from "./calendar";
import { Dashboard } from "./Dashboard";
import { HeldPage } from "./HeldPage";
import { Import } from "./Import";
import { MeetingPage } from "./MeetingPage";
import { OwnRows } from "./OwnRows";
import { PlanPage } from "./PlanPage";

const NOW = Date.parse("2026-11-23T09:20:00Z");

const occurrence = (title: string, starts: string, change: Partial<Occurrence> = {}): Occurrence => ({
  meeting: `s_${title}`,
  at: starts,
  number: "123456789012",
  title,
  starts_at: `${starts}:00Z`,
  ends_at: new Date(Date.parse(`${starts}:00Z`) + 2_700_000).toISOString(),
  time_zone: "UTC",
  state: "planned",
  changed: false,
  mine: "owner",
  answer: null,
  invited: 6,
  organiser: "Ada",
  picture: null,
  repeats: false,
  kind: "planned",
  ...change,
});

const empty: Board = {
  now: [],
  next: null,
  today: [],
  coming: [],
  earlier: [],
  handed: [],
  mails: true,
  time_zone: "UTC",
};
const planned = { id: "s_1", link: "https://meet.example/m/123456789012#k=x" } as Planned;
const ok = <T,>(value: T) => Promise.resolve({ kind: "ok" as const, value });

const grace = { id: "a_2", word: "Grace", hint: "grace@school.example" };

function open(page: ReactNode, some: Partial<Record<keyof CalendarApi, unknown>>) {
  const api = { templates: () => ok([]), rules: () => ok({ rules: {} }), ...some } as unknown as CalendarApi;
  const go = vi.fn<(path: string) => void>();
  render(
    <LanguageProvider>
      <Calendar
        ports={{
          api,
          board: createBoard(
            { board: () => ok(empty), earlier: () => ok({ earlier: [] }), ...some } as unknown as CalendarApi,
            "UTC",
          ),
          plans: () => Promise.resolve("/org/plan?org=o_1"),
          colleagues: (typed) => Promise.resolve("grace".startsWith(typed) ? [grace] : []),
          go,
          now: () => NOW,
          zone: "UTC",
          languages: ["en-US"],
        }}
      >
        {page}
      </Calendar>
    </LanguageProvider>,
  );
  return go;
}

const press = async (name: string) => act(async () => screen.getByRole("button", { name }).click());
const filled = () =>
  screen
    .getAllByRole("button")
    .filter(({ dataset }) => dataset["look"] === "primary")
    .map(({ textContent }) => textContent);

beforeAll(async () => {
  await activate("en");
  await openCatalog("calendar");
});

describe("the dashboard", () => {
  it("joins what is near, and starts where nothing is", async () => {
    const review = occurrence("Weekly review", "2026-11-23T09:30");
    const go = open(<Dashboard onJoin={() => {}} />, {
      board: () => ok({ ...empty, next: review, today: [review], coming: [review] }),
    });
    await screen.findByText("Weekly review");
    expect(screen.getAllByText("Weekly review")).toHaveLength(1);
    expect(screen.getByText("in 10 minutes")).toBeTruthy();
    expect(filled()).toEqual(["Join"]);
    await press("Join");
    expect(go).toHaveBeenCalledWith("/m/123456789012");
  });

  it.each([
    ["2026-11-23T17:00", ["5:00 PM", "45 min"]],
    ["2026-11-30T09:00", ["Mon, Nov 30", "9:00 – 9:45 AM"]],
  ])("the next one says its day unless that is today: %s", async (starts, said) => {
    const next = occurrence("Weekly review", starts);
    open(<Dashboard onJoin={() => {}} />, { board: () => ok({ ...empty, next, coming: [next] }) });
    await screen.findByText("Weekly review");
    // Between a clock and its half of the day stands a narrow space.
    const words = screen.getByRole("region", { name: "Next" }).textContent.replaceAll(/\s/g, " ");
    for (const each of said) expect(words).toContain(each);
  });

  it("P5: says that there is nothing yet, with the way to begin filled", async () => {
    open(<Dashboard onJoin={() => {}} />, { board: () => ok(empty) });
    await screen.findByText("No meetings yet.");
    expect(filled()).toEqual(["Start now"]);
  });

  it("an invitation says whose it is and what one answered", async () => {
    const hers = { mine: "invited", answer: "maybe", picture: "f_ada" } as const;
    const theirs = occurrence("Seminar", "2026-11-24T09:00", hers);
    open(<Dashboard onJoin={() => {}} />, { board: () => ok({ ...empty, coming: [theirs] }) });
    const by = await screen.findByText("by Ada");
    expect(by.querySelector("img")?.getAttribute("src")).toBe("/api/pictures/f_ada");
    expect(screen.getByText("You said maybe")).toBeTruthy();
  });

  it("a meeting that is not made says so and leaves the page", async () => {
    const go = open(<Dashboard onJoin={() => {}} />, { now: () => Promise.resolve({ kind: "unreachable" }) });
    await screen.findByText("No meetings yet.");
    await press("Start now");
    expect(screen.getByText("No meeting was started.")).toBeTruthy();
    expect(go).not.toHaveBeenCalled();
  });

  it("one more at once than the plan allows says so beside the button, with the way to more", async () => {
    const refusal = { code: "meeting.at_once", params: { most: 2, retry_after_s: 30 } };
    await openCatalog("refused");
    const go = open(<Dashboard onJoin={() => {}} />, {
      now: () => Promise.resolve({ kind: "refused", refusal }),
    });
    await screen.findByText("No meetings yet.");
    await press("Start now");
    expect(screen.getByText(/Your plan allows 2 meetings at once\./)).toBeTruthy();
    const way = await screen.findByRole("link", { name: "See plans" });
    expect(way.getAttribute("href")).toBe("/org/plan?org=o_1");
    expect(go).not.toHaveBeenCalled();
  });
});

// The first one draws the whole library of fields; a busy machine takes its time.
describe("the form", () => {
  it("asks for what was typed, and says a refusal of the server at its field", async () => {
    const plan = vi
      .fn()
      .mockResolvedValueOnce({ kind: "refused", refusal: { code: "title.invalid", params: {} } })
      .mockResolvedValueOnce({ kind: "ok", value: planned });
    const onClose = vi.fn<() => void>();
    open(<PlanPage onClose={onClose} />, { plan });
    fireEvent.change(screen.getByLabelText("Title"), { target: { value: "Physics" } });
    await press("Plan, copy link");
    expect(screen.getByText("That title is too long.")).toBeTruthy();
    expect(screen.getByLabelText<HTMLInputElement>("Title").value).toBe("Physics");
    expect(onClose).not.toHaveBeenCalled();
    await press("Plan, copy link");
    await waitFor(() => expect(onClose).toHaveBeenCalledOnce());
    expect(plan.mock.calls[1]?.[0]).toMatchObject({
      title: "Physics",
      starts: "2026-11-23T09:30",
      minutes: 45,
      time_zone: "UTC",
      rrule: null,
      waiting_room: "guests",
    });
  });

  it("what can't be an address is marked and not sent", async () => {
    const plan = vi.fn();
    open(<PlanPage onClose={() => {}} />, { plan });
    const people = screen.getAllByLabelText("People").at(-1);
    if (people) fireEvent.change(people, { target: { value: "nadia@ahmed.example, bad@," } });
    await press("Plan, copy link");
    expect(screen.getByText(/An address in red isn't one/)).toBeTruthy();
    expect(plan).not.toHaveBeenCalled();
    await press("Remove bad@");
    expect(screen.queryByText(/An address in red/)).toBeNull();
  });
});

describe("the form, of people and rooms", { timeout: 30_000 }, () => {
  it("a colleague is found while one types, and chosen by the keys", async () => {
    const plan = vi.fn().mockResolvedValue({ kind: "ok", value: planned });
    open(<PlanPage onClose={() => {}} />, { plan });
    const people = screen.getByRole("combobox", { name: "People" });
    fireEvent.change(people, { target: { value: "gra" } });
    expect(await screen.findByRole("option", { name: /Grace/ })).toBeTruthy();
    expect(people.getAttribute("aria-activedescendant")).toBeNull();
    fireEvent.keyDown(people, { key: "ArrowDown" });
    expect(people.getAttribute("aria-activedescendant")).toContain("a_2");
    fireEvent.keyDown(people, { key: "Enter" });
    expect(screen.queryByRole("listbox")).toBeNull();
    fireEvent.change(people, { target: { value: "gra" } });
    await screen.findByRole("option", { name: /Grace/ });
    fireEvent.keyDown(people, { key: "Escape" });
    fireEvent.keyDown(people, { key: "Enter" });
    await press("Plan, copy link");
    expect(plan.mock.calls[0]?.[0].people).toEqual([
      { to: "a_2", name: "Grace", cohost: false },
      { to: "", name: "gra", cohost: false },
    ]);
  });

  it("what an organisation decided can't be chosen looser, and it is said who decided", async () => {
    const rules = {
      waiting_room: { value: "guests", by: "Northfield" },
      chat: { value: "hosts", by: "Class 3" },
    };
    open(<PlanPage onClose={() => {}} />, { rules: () => ok({ rules }) });
    expect(await screen.findByText(/Decided by Northfield/)).toBeTruthy();
    expect(screen.getByText(/Rules of Class 3 hold/)).toBeTruthy();
    fireEvent.click(screen.getByRole("button", { name: /In without waiting/ }));
    const [guests, off] = await screen.findAllByRole("option");
    expect(off?.getAttribute("aria-disabled")).toBe("true");
    expect(guests?.getAttribute("aria-disabled")).not.toBe("true");
  });

  it("one's own room has no times, and shows its passcode", async () => {
    const room = { ...planned, kind: "room", title: "", notes: "", starts: null, minutes: 60, rrule: null };
    const settings = { passcode: "482913", time_zone: "UTC", people: [], coming: [], by_number: true };
    const change = vi.fn().mockResolvedValue({ kind: "ok", value: planned });
    open(<PlanPage id="s_1" onClose={() => {}} />, { meeting: () => ok({ ...room, ...settings }), change });
    await screen.findByRole("heading", { name: "Your room" });
    expect(screen.queryByLabelText("Day")).toBeNull();
    await press("More");
    expect(screen.getByText("482913")).toBeTruthy();
    fireEvent.click(screen.getByRole("switch", { name: "Let in by number and passcode" }));
    expect(screen.queryByText("482913")).toBeNull();
    await press("Save");
    expect(change.mock.calls[0]?.[1]).toMatchObject({ by_number: false, scope: "all" });
  });
});

describe("the page of a meeting", { timeout: 30_000 }, () => {
  const room = {
    ...planned,
    number: "123456789012",
    kind: "room",
    title: "",
    notes: "",
    starts: null,
    minutes: 60,
    rrule: null,
    mine: "owner",
    time_zone: "UTC",
    people: [],
    coming: [],
    earlier: [],
    next: null,
    cancelled: false,
    capacity: null,
    attendance: false,
  };

  it.each([
    ["482913", /number: 123 456 789 012, passcode: 482913/],
    [null, /#k=x$/],
  ])("copies an invitation that says what lets somebody in: %s", async (passcode, end) => {
    const writeText = vi.fn(() => Promise.resolve());
    Object.defineProperty(navigator, "clipboard", { configurable: true, value: { writeText } });
    open(<MeetingPage id="s_1" />, { meeting: () => ok({ ...room, passcode }) });
    await screen.findByRole("button", { name: "Copy invitation" });
    await press("Copy invitation");
    expect(writeText).toHaveBeenCalledWith(expect.stringMatching(end));
  });

  const member = { id: "i_1", name: "Grace", account: "a_2", address: null, cohost: false, revoked: false };
  const pupil = { ...member, id: "i_2", name: "Pupil", account: null, address: "pupil@school.example" };
  const seminar = occurrence("Physics", "2026-11-24T09:00");
  const physics = { ...room, kind: "planned", title: "Physics", people: [member, pupil] };
  const offered = async (name: string, mine = "owner", passOn = vi.fn(() => ok({ ...physics, mine }))) => {
    open(<MeetingPage id="s_1" />, {
      meeting: () => ok({ ...physics, mine }),
      passOn,
      board: () => ok(empty),
    });
    const more = await screen.findByRole("button", { name: `More for ${name}` }, { timeout: 20_000 });
    await act(async () => more.click());
    return { passOn, entries: (await screen.findAllByRole("menuitem")).map((one) => one.textContent) };
  };

  it("offers for who is a name alone what their link can do, and no mail, ring or account", async () => {
    const dana = { ...pupil, id: "i_3", name: "Dana", address: null, account: null };
    const running = {
      ...physics,
      mails: true,
      people: [pupil, dana],
      next: occurrence("Physics", "2026-11-23T09:00", { state: "running" }),
    };
    open(<MeetingPage id="s_1" />, { meeting: () => ok(running), board: () => ok(empty) });
    const more = await screen.findByRole("button", { name: "More for Dana" }, { timeout: 20_000 });
    expect(screen.getAllByRole("button", { name: "Ring" })).toHaveLength(1);
    await act(async () => more.click());
    const entries = (await screen.findAllByRole("menuitem")).map((one) => one.textContent).join(" · ");
    expect(entries).not.toMatch(/co-host|mailed|told/);
    expect(entries).toMatch(/copy the new one and pass it on/);
  });

  it.each([
    ["Grace", ["Make co-host", "Remove"]],
    ["Dana", ["Remove"]],
  ])("offers %s of the form what an account is for, where they may have one", async (name, offers) => {
    const dana = { ...pupil, id: "i_3", name: "Dana", address: null, account: null };
    open(<PlanPage id="s_1" onClose={() => {}} />, {
      meeting: () => ok({ ...physics, people: [member, dana] }),
    });
    const chip = await screen.findByRole("button", { name });
    await act(async () => chip.click());
    const entries = await screen.findAllByRole("menuitem");
    expect(entries.map((one) => one.textContent.match(/^(Make co-host|Remove)/)?.[0])).toEqual(offers);
  });

  it("is handed to a colleague after asking once more", async () => {
    const { passOn } = await offered("Grace");
    await act(async () => screen.getByRole("menuitem", { name: /Make organiser/ }).click());
    expect(passOn).not.toHaveBeenCalled();
    await press("Make organiser");
    expect(passOn).toHaveBeenCalledWith("s_1", "i_1");
    await waitFor(() => expect(screen.queryByRole("alertdialog")).toBeNull());
  });

  it.each([
    [true, /Everyone invited is told/, /no mail/],
    [false, /sends no mail, so tell everyone invited yourself/, /is told/],
  ])("says that the invited are told where mail leaves: %s", async (mails, said, never) => {
    open(<MeetingPage id="s_1" />, { meeting: () => ok({ ...physics, mails }) });
    const more = await screen.findByRole("button", { name: "More for Grace" }, { timeout: 20_000 });
    await act(async () => more.click());
    await act(async () => screen.getByRole("menuitem", { name: /Make organiser/ }).click());
    const text = screen.getByRole("alertdialog").textContent;
    expect(text).toMatch(said);
    expect(text).not.toMatch(never);
  });

  const handed = { meeting: "s_1", title: "Physics", by: "Ada", back: true };
  const left = { meeting: "s_2", title: "Chess", by: "", back: false };

  it.each([
    ["Keep", true, "You organise this meeting."],
    ["Give back", false, "Ada organises this meeting again. You stay as co-host."],
  ])("asks who was made organiser on its page: %s", async (press_, keep, said) => {
    let asked: typeof handed | null = handed;
    const answerHanded = vi.fn(() => ok({ ...physics, handed: (asked = null) }));
    const page = [<MeetingPage key="page" id="s_1" />, <ToastRegion key="toasts" />];
    open(page, { meeting: () => ok({ ...physics, handed: asked }), answerHanded });
    await screen.findByText("You are the organiser of Physics now.", undefined, { timeout: 20_000 });
    expect(screen.getByText("Ada handed it to you.")).toBeTruthy();
    await press(press_);
    expect(answerHanded).toHaveBeenCalledWith("s_1", keep);
    expect(await screen.findByText(said)).toBeTruthy();
    await waitFor(() => expect(screen.queryByText(/You are the organiser/)).toBeNull());
  });

  it("says why it couldn't be given back, and goes on asking", async () => {
    await openCatalog("refused");
    const no = { code: "calendar.not_a_colleague", params: {} };
    open([<MeetingPage key="page" id="s_1" />, <ToastRegion key="toasts" />], {
      meeting: () => ok({ ...physics, handed }),
      answerHanded: () => Promise.resolve({ kind: "refused", refusal: no }),
    });
    await screen.findByText("You are the organiser of Physics now.", undefined, { timeout: 20_000 });
    await press("Give back");
    expect(await screen.findByText(/handed to a colleague of your organisation/)).toBeTruthy();
    expect(screen.getByRole("button", { name: "Give back" })).toBeTruthy();
  });

  it("what somebody left behind is told of at once, and can't be given back", async () => {
    const answerHanded = vi.fn(() => ok(physics));
    const stranger = { ...handed, meeting: "s_4", title: "Music", by: "Bo", back: false };
    const board = { ...empty, handed: [left, { ...left, meeting: "s_3", title: "Go" }, handed, stranger] };
    open(<Dashboard onJoin={() => {}} />, { board: () => ok(board), answerHanded });
    expect(await screen.findByText("You are the organiser of 2 meetings now.")).toBeTruthy();
    expect(screen.getByText("Whoever organised them has gone: Chess and Go.")).toBeTruthy();
    expect(screen.getByText("Bo handed it to you.")).toBeTruthy();
    expect(screen.getAllByRole("button", { name: "Give back" })).toHaveLength(1);
    await act(async () => screen.getAllByRole("button", { name: "Got it" })[1]?.click());
    expect(answerHanded.mock.calls).toEqual([
      ["s_2", true],
      ["s_3", true],
    ]);
  });

  it("tells a co-host whose it is, and asks whether they come", async () => {
    open(<MeetingPage id="s_1" />, {
      meeting: () => ok({ ...physics, mine: "cohost", organiser: "Ada", answer: null, coming: [seminar] }),
    });
    expect(await screen.findByText("by Ada", undefined, { timeout: 20_000 })).toBeTruthy();
    expect(screen.getByText("Are you coming?")).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Cancel the meeting/ })).toBeNull();
  });

  it.each([
    ["Pupil", "owner", /Make organiser/],
    ["Grace", "cohost", /Make (organiser|co-host)/],
  ])("offers nobody what would be refused: of %s to a %s", async (name, mine, never) => {
    const { entries } = await offered(name, mine);
    expect(entries).not.toEqual([]);
    expect(entries.filter((one) => never.test(one ?? ""))).toEqual([]);
  });
});

describe("the page of what took place", () => {
  const held = {
    meeting: "s_1",
    n: 1,
    number: "123456789012",
    title: "Physics",
    kind: "planned",
    mine: "owner",
    people: 2,
    began_at: "2026-11-23T08:00:00Z",
    ended_at: "2026-11-23T08:45:00Z",
    attendance: true,
    chat: [],
    polls: 0,
    kept_until: "2026-12-23T08:45:00Z",
  };
  const came = (name: string, ...checks: boolean[]) => ({
    name,
    account: true,
    came_at: "2026-11-23T08:01:00Z",
    left_at: null,
    minutes: 44,
    checks,
  });

  it("has the roll with its times, its check-ins and the table", async () => {
    const checks = [{ at: "2026-11-23T08:12:00Z", present: ["Bo"] }];
    const roll = { people: [came("Bo", true), came("Bo", false)], checks };
    open(<HeldPage id="s_1" n="1" />, { held: () => ok(held), attendance: () => ok(roll) });
    expect(await screen.findByText("Checked who is here: 8:12 AM (1 answered).")).toBeTruthy();
    expect(screen.getByText("1 of 1")).toBeTruthy();
    expect(screen.getByText("0 of 1")).toBeTruthy();
    expect(screen.getByRole("link", { name: /CSV/ }).getAttribute("href")).toBe(
      "/api/calendar/meetings/s_1/occurrences/1/attendance.csv",
    );
  });

  it("says that it goes on, and not how many came, as long as it does", async () => {
    open(<HeldPage id="s_1" n="1" />, {
      held: () => ok({ ...held, ended_at: null, people: 0, attendance: false }),
    });
    expect(await screen.findByText("Running")).toBeTruthy();
    expect(screen.queryByText(/people/)).toBeNull();
  });

  it("asks for no roll where none was kept, nor for who was only invited", async () => {
    const attendance = vi.fn();
    open(<HeldPage id="s_1" n="1" />, { held: () => ok({ ...held, mine: "invited" }), attendance });
    await screen.findByRole("heading", { name: "Physics" });
    expect(attendance).not.toHaveBeenCalled();
  });
});

describe("a calendar from elsewhere", () => {
  const choose = (file: File) =>
    fireEvent.change(screen.getByTestId("calendar-file"), { target: { files: [file] } });

  it("says of each entry that is left out why", async () => {
    const left = [
      { title: "Long over", why: "calendar.over" },
      { title: "", why: "calendar.rule" },
    ];
    open(<Import />, { takeIn: () => ok({ made: ["s_1"], left }) });
    choose(new File(["BEGIN:VCALENDAR"], "a.ics"));
    expect(await screen.findByText("1 meeting was made.")).toBeTruthy();
    expect(screen.getByText("2 entries were left out:")).toBeTruthy();
    expect(screen.getByText("It is over.")).toBeTruthy();
    expect(screen.getByText(/repeats in a way/)).toBeTruthy();
  });

  it("sends nothing that is too large, and names a file that isn't one", async () => {
    const takeIn = vi.fn().mockResolvedValue({
      kind: "refused",
      refusal: { code: "calendar.import", params: { why: "it isn't whole" } },
    });
    open(<Import />, { takeIn });
    choose(new File([new Uint8Array(300_000)], "a.ics"));
    expect(await screen.findByText(/larger than 256 kB/)).toBeTruthy();
    expect(takeIn).not.toHaveBeenCalled();
    await press("Done");
    choose(new File(["x"], "a.ics"));
    expect(await screen.findByText(/isn't a calendar file/)).toBeTruthy();
  });
});

describe("the answer page", () => {
  const shown: AnswerShown = {
    title: "Physics",
    organiser: "Ada",
    starts_at: "2026-11-30T06:00:00Z",
    ends_at: "2026-11-30T06:45:00Z",
    time_zone: "Asia/Shanghai",
    rrule: null,
    cancelled: false,
    name: "Bo",
    answer: "yes",
    link: "https://meet.example/m/123456789012#k=x",
    branding: null,
  };

  it("says what the press in the mail did, in both zones, and changes it by one more", async () => {
    const reply = vi.fn(() => ok<AnswerShown>({ ...shown, answer: "no" }));
    open(<AnswerPage token="t" pressed={undefined} onShown={() => {}} />, {
      reply,
      invited: () => ok(shown),
    });
    await screen.findByText("Ada knows that you come.");
    expect(screen.getByText(/China Standard Time/)).toBeTruthy();
    await act(async () => screen.getByRole("radio", { name: "No" }).click());
    expect(reply).toHaveBeenCalledWith("t", "no");
    expect(screen.getByText("Ada knows that you don't come.")).toBeTruthy();
  });

  it("an invitation that was taken back is nothing's fault, and leads home", async () => {
    open(<AnswerPage token="t" pressed="yes" onShown={() => {}} />, {
      reply: () => Promise.resolve({ kind: "refused", refusal: { code: "answer.unknown", params: {} } }),
    });
    expect(await screen.findByText("This invitation isn't there any more.")).toBeTruthy();
  });
});

describe("where no mail leaves the server", () => {
  const unsent = /This server sends no mail: everyone gets a link of their own on the meeting's page/;

  it.each([true, false])("the form says so beside the people: %s", async (mails) => {
    open(<PlanPage onClose={() => {}} />, { board: () => ok({ ...empty, mails }) });
    await screen.findByRole("combobox", { name: "People" });
    if (mails) await act(async () => {});
    else await screen.findByText(unsent);
    expect(screen.queryByText(unsent) === null).toBe(mails);
  });

  it.each([true, false])("who is rung is offered no mail: %s", async (mails) => {
    const quiet = () => ok({ from: null, to: null, mail: true, mails });
    const feed = () => ok({ address: "https://meet.example/f" });
    const room = () => Promise.resolve({ kind: "unreachable" });
    open(<OwnRows />, { quiet, feed, room });
    await screen.findByText(/A host can ring people/);
    await waitFor(() => expect(screen.queryAllByRole("switch").length).toBe(mails ? 2 : 1));
    expect(screen.queryByRole("switch", { name: "By mail too" }) === null).toBe(!mails);
  });
});
