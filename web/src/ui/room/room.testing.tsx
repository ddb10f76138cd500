/** For tests: a room with a session whose channel one speaks for, and whatever of it is to be drawn. */
import { Chunk } from "../../core/chunk";
import { act, render } from "@testing-library/react";
import type { ReactNode } from "react";

import type { JoinResult } from "../../core/api/types";
import type { LogFeature } from "../../core/meeting/log";
import { Session } from "../../core/meeting/session";
import { World } from "../../core/meeting/world.testing";
import { createPrefs } from "../../core/prefs/prefs";
import { Store } from "../../core/store";
import { LanguageProvider } from "../../i18n/react";
import { ToastRegion } from "../Toast";

import { type Room, type RoomLook, RoomProvider } from "./context";
import type { RoomFeature } from "./feature";

const join = (): JoinResult => ({
  participant: "me",
  role: "guest",
  name: "Me",
  meeting: { number: "123456789012", title: "Physics", locked: false },
  channel_token: "c",
  rejoin: "r",
});

export interface Stands {
  role?: string;
  may?: readonly string[];
  /** Of the meeting's own snapshot. */
  meeting?: Record<string, unknown>;
  snapshot?: Record<string, unknown>;
}

export class TestRoom {
  readonly world = new World();
  readonly session: Session;
  readonly room: Room;

  constructor(features: readonly RoomFeature[] = []) {
    const media = {
      microphone: null,
      camera: null,
      microphoneOn: false,
      cameraOn: false,
      microphoneId: null,
      cameraId: null,
      speakerId: null,
    };
    const passage = {
      join: join(),
      media,
      invitation: null,
      rejoin: () => Promise.resolve({ kind: "unreachable" } as const),
    };
    const logs = features.flatMap(({ log }) => log ?? []) as readonly LogFeature<never>[];
    this.session = new Session(passage, logs, this.world.edges, () => undefined);
    this.room = {
      session: this.session,
      look: new Store<RoomLook>({ panel: null, sheet: null, taken: null }),
      features,
      passcode: undefined,
      hostKey: new Store<string | undefined>(undefined),
      replaceHostKey: () => Promise.resolve(true),
      links: {
        make: () => Promise.resolve({ kind: "unreachable" }),
        list: () => Promise.resolve({ kind: "ok", value: [] }),
        revoke: () => Promise.resolve({ kind: "unreachable" }),
      },
      calendar: () => Promise.reject(new Error("nothing was planned")),
      plans: () => Promise.resolve(null),
      prefs: createPrefs(sessionStorage),
      effects: new Chunk(() => Promise.reject(new Error("none in a test"))),
      hearYourself: async () => "heard",
      hearDialog: new Chunk(() => Promise.reject(new Error("none in a test"))),
      setLanguage: () => undefined,
    };
    for (const { attend } of features) attend?.(this.session);
    this.session.start();
    this.world.socket.open();
  }

  /** The welcome of somebody who is in. */
  stands({ role = "guest", may = [], meeting = {}, snapshot = {} }: Stands): this {
    const people = [{ id: "me", name: "Me", role, joinedAt: "" }];
    const you = { participant: "me", name: "Me", role, may };
    act(() =>
      this.world.socket.say({
        welcome: { seq: 1, you, snapshot: { meeting: { people, ...meeting }, ...snapshot }, now: "" },
      }),
    );
    return this;
  }

  says(message: unknown): void {
    act(() => this.world.socket.say(message));
  }

  /** What was asked of the meeting, by type. */
  asked(): { type: string; payload: unknown }[] {
    return this.world.socket.sent.flatMap(({ do: asked }) => asked ?? []);
  }

  draw(part: ReactNode) {
    return render(
      <LanguageProvider>
        <RoomProvider room={this.room}>{part}</RoomProvider>
        <ToastRegion />
      </LanguageProvider>,
    );
  }
}
