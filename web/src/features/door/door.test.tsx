import { fireEvent, render, screen } from "@testing-library/react";
import { beforeAll, describe, expect, it, vi } from "vitest";

import type { Running } from "../../core/api/plans-client";
import type { JoinResult } from "../../core/api/types";
import { type Bar, type Event, evolve, type Journey, start } from "../../core/journey/journey";
import type { Entry } from "../../core/journey/room";
import { timeOfDay } from "../../core/times";
import { activate, openCatalog } from "../../i18n/i18n";
import { LanguageProvider } from "../../i18n/react";

import { AtOnce } from "./AtOnce";
import { Barred, Denied, Early, Queued } from "./door";

const join: JoinResult = {
  participant: "p-1",
  role: "guest",
  name: "Ada",
  meeting: { number: "123456789012", title: "Weekly review", locked: false },
  channel_token: "c",
  rejoin: "r",
};

/** What is shown to whoever stands like this at the meeting's own door. */
function shown(...given: (Entry | (() => Promise<boolean>))[]) {
  const entries = given.filter((each) => typeof each !== "function");
  const onKnock = given.find((each) => typeof each === "function");
  const events: Event[] = [{ type: "join" }, { type: "joined", join }];
  for (const entry of entries) events.push({ type: "stood", entry });
  const told = { onBack: vi.fn<() => void>(), onHome: vi.fn<() => void>() };
  const now = (index: number) => 10_000 * index;
  const journey = events.reduce<Journey>((before, event, index) => evolve(before, event, now(index)), start);
  const page =
    journey.at === "queued" ? (
      <Queued {...journey} onCancel={told.onBack} />
    ) : (
      journey.at === "denied" && (
        <Denied {...journey} onRetry={told.onBack} onHome={told.onHome} onKnock={onKnock} />
      )
    );
  render(<LanguageProvider>{page}</LanguageProvider>);
  return told;
}

const denied = (
  code: string,
  params: Record<string, number | boolean | string> = {},
  againMs?: number,
): Entry => ({
  at: "denied",
  code,
  params,
  againMs,
});
const press = (name: string) => fireEvent.click(screen.getByRole("button", { name }));
const buttons = () => screen.getAllByRole("button").map(({ textContent }) => textContent);
/** The one that is to be pressed first. */
const filled = () =>
  screen
    .getAllByRole("button")
    .filter(({ dataset }) => dataset["look"] === "primary")
    .map(({ textContent }) => textContent);
const title = () => screen.getByRole("heading").textContent;
const says = (text: string) => expect(screen.getByText(text)).toBeTruthy();

describe("in English", () => {
  beforeAll(async () => {
    await activate("en");
    await openCatalog("door");
  });

  it("J6: the place in line, and how long once that is known", () => {
    const told = shown({ at: "queued", place: 1200 }, { at: "queued", place: 900 });
    expect(title()).toBe("Many people are joining at once.");
    // 300 places in 20 s.
    says("You're number 900 in line, about 1 minute to go. Meetings already running aren't affected.");
    expect(screen.getByRole("status").contains(screen.getByRole("heading"))).toBe(true);
    press("Cancel");
    expect(told.onBack).toHaveBeenCalledOnce();
  });

  it("J6: before anything moved there is no guess", () => {
    shown({ at: "queued", place: 7 });
    says("You're number 7 in line. Meetings already running aren't affected.");
  });

  it("J4: a locked meeting is tried again by whoever is told it was unlocked", () => {
    const told = shown(denied("meeting.locked"));
    expect(title()).toBe("The meeting is locked.");
    expect(buttons()).toEqual(["Try again", "Home"]);
    press("Try again");
    press("Home");
    expect([told.onBack, told.onHome].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
  });

  it("J4: whoever has an invitation tells the host first, and tries again afterwards", async () => {
    const knocks = [false, true];
    const onKnock = () => Promise.resolve(knocks.shift() ?? false);
    shown(onKnock, denied("meeting.locked"));
    says("No one new can come in. We can tell the host you're here.");
    expect(buttons()).toEqual(["Tell the host", "Try again", "Home"]);
    expect(filled()).toEqual(["Tell the host"]);
    press("Tell the host");
    expect((await screen.findByRole("alert")).textContent).toMatch(/^That didn't reach the meeting/);
    press("Tell the host");
    expect((await screen.findByRole("button", { name: "The host was told" })).hasAttribute("disabled")).toBe(
      true,
    );
    expect(filled()).toEqual(["Try again"]);
  });

  it("J15: who comes back hears when it was", () => {
    const at = "2026-11-27T09:05:00Z";
    shown(denied("meeting.removed", { again: false, at }));
    says(`A host removed you at ${timeOfDay(Date.parse(at))}. You can't rejoin it.`);
  });

  it("J5: a full one is asked again by itself, and one may stop that", () => {
    const told = shown(denied("meeting.full", { most: 500 }, 5000));
    says("All 500 places are taken. We keep trying and let you in when one frees up.");
    expect(buttons()).toEqual(["Stop trying"]);
    press("Stop trying");
    expect(told.onBack).toHaveBeenCalledOnce();
  });

  it("J15: who was removed is offered no way back in", () => {
    shown(denied("meeting.removed"));
    expect(title()).toBe("You were removed from the meeting.");
    expect(buttons()).toEqual(["Home"]);
  });

  it("J1: a reason that this page does not know says nothing of the meeting", () => {
    shown(denied("meeting.something_new"));
    expect(title()).toBe("This link can't let you in right now.");
  });
});

describe("in Chinese", () => {
  beforeAll(() => activate("zh-CN"));

  it("J6, J4, J5, J15", () => {
    shown({ at: "queued", place: 40 }, { at: "queued", place: 30 });
    says("你排在第 30 位，预计约 1 分钟。进行中的会议不受影响。");
    shown(denied("meeting.locked"), denied("meeting.locked"));
    says("会议已锁定。");
    shown(denied("meeting.full", { most: 500 }, 5000));
    says("500 个席位均已占用。我们会继续尝试，有空位时让你入会。");
    shown(denied("meeting.removed"));
    says("你已被移出会议。");
  });
});

describe("what who has proved something is told", () => {
  beforeAll(() => activate("en"));
  const ways = () => ({
    onSignIn: vi.fn<() => void>(),
    onPage: vi.fn<(meeting: string) => void>(),
    onAsk: vi.fn<() => Promise<boolean>>().mockResolvedValueOnce(false).mockResolvedValue(true),
    onHome: vi.fn<() => void>(),
  });
  const draw = (bar: Bar) => {
    const to = ways();
    render(
      <LanguageProvider>
        <Barred {...bar} {...to} />
      </LanguageProvider>,
    );
    return to;
  };

  it("J2: when it ended, and its page to who may see it", () => {
    const to = draw({ why: "over", when: Date.parse("2020-11-30T07:00:00Z"), meeting: "s_1" });
    expect(screen.getByRole("heading").textContent).toBe("This meeting has ended.");
    expect(screen.getByText(/It ended: .*2020.*What was kept is on its page/)).toBeTruthy();
    press("Open its page");
    expect(to.onPage).toHaveBeenCalledWith("s_1");
    expect(filled()).toEqual(["Open its page"]);
  });

  it("J2: to a guest that it is over, and no more", () => {
    draw({ why: "over" });
    expect(buttons()).toEqual(["Home"]);
    expect(screen.getByText("Ask the person who invited you whether there is another.")).toBeTruthy();
  });

  it("J7 and J8 lead to the sign-in", () => {
    const to = draw({ why: "not_invited", account: "Bo" });
    expect(screen.getByText(/You're signed in as Bo/)).toBeTruthy();
    press("Switch account");
    expect(to.onSignIn).toHaveBeenCalledOnce();
  });

  it("J8: the organiser is asked by one press, once; where that failed, once more", async () => {
    const to = draw({ why: "not_invited", account: "Bo" });
    expect(filled()).toEqual(["Ask the organiser"]);
    press("Ask the organiser");
    expect(await screen.findByText(/couldn't be asked/)).toBeTruthy();
    press("Ask the organiser");
    expect(await screen.findByText(/The organiser has been asked/)).toBeTruthy();
    expect(to.onAsk).toHaveBeenCalledTimes(2);
    expect(filled()).toEqual(["Switch account"]);
    expect(buttons()).not.toContain("Ask the organiser");
  });

  it("J3 says when, and after one press that one may leave the page open", () => {
    const draw3 = (isWaiting: boolean) => (
      <LanguageProvider>
        <Early
          startsAt={Date.parse("2020-11-30T07:00:00Z")}
          isWaiting={isWaiting}
          onWait={() => {}}
          onBack={() => {}}
        />
      </LanguageProvider>
    );
    const { rerender } = render(draw3(false));
    expect(buttons()).toEqual(["Join when it starts", "Test my devices"]);
    rerender(draw3(true));
    expect(screen.getByText(/Leave this page open/)).toBeTruthy();
    expect(buttons()).toEqual(["Stop waiting"]);
  });
});

describe("one meeting more at once than the plan allows", () => {
  beforeAll(async () => {
    await activate("en");
    await openCatalog("door");
  });
  const draw = (running: Running | null) => {
    const to = { onRetry: vi.fn<() => void>(), onHome: vi.fn<() => void>() };
    render(
      <LanguageProvider>
        <AtOnce most={2} {...to} onRunning={() => Promise.resolve(running)} />
      </LanguageProvider>,
    );
    return to;
  };

  it("who owns some sees which, and who may decide is shown the way to plans", async () => {
    const mine = [
      { number: "123456789012", title: "Physics" },
      { number: "210987654321", title: "" },
    ];
    const to = draw({ mine, others: 1, plans: "/org/plan?org=o_1" });
    expect(title()).toBe("This meeting can't start yet.");
    says(
      "The organiser's plan allows 2 meetings at once, and that many are going on. It can start when one is over.",
    );
    const links = (await screen.findAllByRole("link")).map((one) => [
      one.textContent,
      one.getAttribute("href"),
    ]);
    expect(links).toEqual([
      ["See plans", "/org/plan?org=o_1"],
      ["Physics", "/m/123456789012"],
      ["210 987 654 321", "/m/210987654321"],
    ]);
    says("One more is a colleague's.");
    press("Try again");
    expect(to.onRetry).toHaveBeenCalledOnce();
  });

  it("a guest is told why and what helps, and of nothing else", async () => {
    draw(null);
    await Promise.resolve();
    expect(screen.queryAllByRole("link")).toEqual([]);
    expect(buttons()).toEqual(["Try again", "Home"]);
  });

  it("whose ticket came too late is let in as soon as there is a place", () => {
    shown(denied("meeting.at_once", { most: 1 }, 30_000));
    says(
      "The organiser's plan allows one meeting at once, and one is going on. We keep trying and let you in when one is over.",
    );
    expect(buttons()).toEqual(["Stop trying"]);
  });
});
