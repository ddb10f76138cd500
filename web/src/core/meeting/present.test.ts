import { expect, test } from "vitest";

import type { MediaState, PersonMedia } from "./media/state";
import { type Meeting, meetingFeature, type Person } from "./people";
import { settle, together } from "./present";

const me: Person = { id: "me", name: "Me", role: "guest", joinedAt: "" };
const ann: Person = { id: "ann", name: "Ann", role: "host", joinedAt: "" };
const meeting: Meeting = { ...meetingFeature.initial, people: [ann, me] };
const heard: PersonMedia = {
  id: "ann",
  name: "Ann",
  service: false,
  microphone: "live",
  camera: true,
  screen: false,
  screenSince: 0,
  line: "good",
  paused: false,
};

function media(people: Record<string, PersonMedia>, change: Partial<MediaState> = {}): MediaState {
  return {
    phase: "up",
    people,
    blocked: false,
    soundBlocked: false,
    sealed: false,
    own: {
      microphone: true,
      camera: false,
      sharing: false,
      shareSurface: "screen",
      shareKind: "text",
      shareSound: "none",
      microphoneStands: "on",
      cameraStands: "on",
      microphoneId: null,
      cameraId: null,
      speakerId: null,
      microphoneLabel: "",
      hearing: "fine",
      arrival: "unknown",
    },
    ...change,
  };
}

test("the log says who, the media say what; of oneself, one's own switches say it", () => {
  const [first, self] = together(meeting, media({ ann: heard }), me, new Set());
  expect(first).toMatchObject({
    id: "ann",
    role: "host",
    microphone: "live",
    camera: true,
    connection: "in",
  });
  expect(self).toMatchObject({ id: "me", self: true, microphone: "live", camera: false, connection: "in" });
});

test("somebody still on the way is connecting, somebody lost is reconnecting", () => {
  expect(together(meeting, media({}), me, new Set())[0]?.connection).toBe("connecting");
  expect(together(meeting, media({}), me, new Set(["ann"]))[0]?.connection).toBe("reconnecting");
});

test("while my own line is broken, nobody else is blamed", () => {
  const broken = media({}, { phase: "reconnecting" });
  expect(together(meeting, broken, me, new Set(["ann"]))[0]?.connection).toBe("in");
});

test("an ear that the log does not list is shown all the same", () => {
  const recorder = { ...heard, id: "rec", name: "Recorder", service: true };
  expect(together(meeting, media({ rec: recorder }), me, new Set()).at(-1)).toMatchObject({
    id: "rec",
    role: "service",
  });
});

test("before the first snapshot there is at least me", () => {
  expect(together({ ...meeting, people: [] }, media({}), me, new Set()).map(({ id }) => id)).toEqual(["me"]);
});

test("nothing changed: the same list; one changed: the others are the same", () => {
  const before = together(meeting, media({ ann: heard }), me, new Set());
  expect(settle(before, together(meeting, media({ ann: { ...heard } }), me, new Set()))).toBe(before);
  const after = settle(before, together(meeting, media({ ann: { ...heard, camera: false } }), me, new Set()));
  expect(after[0]).not.toBe(before[0]);
  expect(after[1]).toBe(before[1]);
});

test("who is away has no tile, unless the media still have them: nobody listens unseen", () => {
  const away = { ...meeting, away: ["ann", "me"] };
  const shown = (people: Record<string, PersonMedia>) =>
    together(away, media(people), me, new Set(["ann"])).map(({ id }) => id);
  expect(shown({})).toEqual(["me"]);
  expect(shown({ ann: heard })).toEqual(["ann", "me"]);
});

test("a camera that the browser still asks for is not shown as one's picture", () => {
  const asking = media({});
  const own = { ...asking.own, camera: true, cameraStands: "asking" as const };
  const [, self] = together(meeting, { ...asking, own }, me, new Set());
  expect(self?.camera).toBe(false);
});
