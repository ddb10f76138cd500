/**
 * For tests: a browser whose prompts wait until they are answered, and livekit-client as far as one's own devices know it.
 * What counts is done as version 2.23 does it: a track that is taken up gets `enabled` from `isMuted`, some microtasks
 * later; mute and unmute go through a lock; a publication is told of a mute only once it has an id.
 */
import { asItIs } from "../../devices/held";
import type { Handover } from "../../journey/room";
import type { LiveKit } from "../media/livekit";
import type { Pictures } from "../media/pictures";
import type { Trouble } from "../media/state";

import { OwnTracks } from "./own";
import type { Line } from "./wire";

/** A device as the browser gives it: open until it is stopped. */
export class Raw extends EventTarget {
  static count = 0;
  readonly id = `raw-${(Raw.count += 1)}`;
  readyState: "live" | "ended" = "live";
  enabled = true;
  contentHint = "";

  constructor(
    readonly kind: "audio" | "video",
    readonly label = "a device",
  ) {
    super();
  }

  get isHot(): boolean {
    return this.readyState === "live" && this.enabled;
  }

  /** Of the same device, which is open as long as one of them is. */
  readonly clones: Raw[] = [];

  clone(): Raw {
    const clone = new Raw(this.kind, this.label);
    this.clones.push(clone);
    return clone;
  }

  stop(): void {
    this.readyState = "ended";
  }

  /** What it was asked to give since it is open. */
  readonly asked: MediaTrackConstraints[] = [];

  applyConstraints(wish: MediaTrackConstraints): Promise<void> {
    this.asked.push(wish);
    return this.readyState === "live" ? Promise.resolve() : Promise.reject(new Error("it has ended"));
  }

  getSettings(): MediaTrackSettings {
    return { displaySurface: "window" } as MediaTrackSettings;
  }

  unplug(): void {
    if (this.readyState === "ended") return;
    this.readyState = "ended";
    this.dispatchEvent(new Event("ended"));
  }
}

interface Waiting {
  what: string;
  yes(): void;
  no(): void;
}

export class OwnWorld {
  /** Whatever somebody waits for: prompts and steps of the connection. */
  readonly waiting: Waiting[] = [];
  readonly opened: Raw[] = [];
  readonly wishes: MediaStreamConstraints[] = [];
  readonly troubles: Trouble[] = [];
  room: FakeRoom | undefined;
  time = 0;
  timers: (() => void)[] = [];
  own!: OwnTracks;

  begin(handover: Partial<Record<keyof Handover, unknown>>): void {
    const nothing = { microphone: null, camera: null, microphoneOn: false, cameraOn: false };
    const whole: Partial<Record<keyof Handover, unknown>> = {
      ...nothing,
      microphoneId: null,
      cameraId: null,
      speakerId: null,
      ...handover,
    };
    if (whole.camera) whole.camera = asItIs([whole.camera as MediaStreamTrack]);
    const edges = {
      now: () => this.time,
      after: (_: number, run: () => void) => {
        this.timers.push(run);
        return () => undefined;
      },
    };
    const unseen = { show: () => undefined, lose: () => undefined } as unknown as Pictures;
    this.own = new OwnTracks("me", whole as Handover, unseen, edges, (trouble) =>
      this.troubles.push(trouble),
    );
  }

  get mediaDevices(): object {
    return {
      getUserMedia: (wish: MediaStreamConstraints) => this.#prompt(wish, wish.audio ? "audio" : "video"),
      getDisplayMedia: (wish: MediaStreamConstraints) => this.#prompt(wish, "video"),
    };
  }

  #prompt(wish: MediaStreamConstraints, kind: "audio" | "video"): Promise<unknown> {
    this.wishes.push(wish);
    return this.wait(`prompt ${kind}`).then(
      () => {
        const raw = new Raw(kind, `${kind} ${this.opened.length}`);
        this.opened.push(raw);
        const of = (wanted: string): Raw[] => (wanted === kind ? [raw] : []);
        return { getAudioTracks: () => of("audio"), getVideoTracks: () => of("video") };
      },
      () => Promise.reject(new DOMException("no", "NotAllowedError")),
    );
  }

  wait(what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ what, yes: resolve, no: () => reject(new Error(`no ${what}`)) });
    });
  }

  /** The next thing that is waited for and is called so, or anything. */
  async answer(what = "", yes = true): Promise<void> {
    await settled();
    const index = this.waiting.findIndex((each) => each.what.includes(what));
    const [found] = index < 0 ? [] : this.waiting.splice(index, 1);
    if (yes) found?.yes();
    else found?.no();
    await settled();
  }

  async lineUp(): Promise<void> {
    this.lineDown();
    this.room = new FakeRoom(this);
    this.own.publishOn({ room: this.room, livekit } as unknown as Line);
    await settled();
  }

  lineDown(): void {
    if (!this.room) return;
    this.room.isUp = false;
    this.room = undefined;
    this.own.lineDown();
  }

  async ringTimers(): Promise<void> {
    this.time += 5000;
    for (const run of this.timers.splice(0)) run();
    await settled();
  }

  /** Until nobody waits for anything. */
  async settleAll(): Promise<void> {
    for (let round = 0; round < 40 && (this.waiting.length > 0 || this.timers.length > 0); round += 1) {
      await this.ringTimers();
      while (this.waiting.length > 0) await this.answer();
    }
  }
}

/** What the server knows of one publication. */
interface Publication {
  track: FakeTrack;
  muted: boolean;
}

export class FakeRoom {
  isUp = true;
  readonly publications: Publication[] = [];

  constructor(readonly world: OwnWorld) {}

  readonly localParticipant = {
    trackPublications: { values: () => this.publications.values() },
    publishTrack: async (track: FakeTrack): Promise<void> => {
      const muted = track.isMuted;
      track.on("muted", () => this.tell(track, true));
      track.on("unmuted", () => this.tell(track, false));
      await this.world.wait("publish");
      if (!this.isUp) throw new Error("the connection went");
      track.sid = `TR_${track.raw.id}`;
      track.sender = { getStats: () => Promise.resolve(new Map()) };
      this.publications.push({ track, muted });
    },
    unpublishTrack: async (track: FakeTrack): Promise<void> => {
      const index = this.publications.findIndex((each) => each.track === track);
      if (index >= 0) this.publications.splice(index, 1);
      await Promise.resolve();
    },
  };

  of(source: string): Publication | undefined {
    return this.publications.find(({ track }) => track.source === source);
  }

  /** What is heard or seen by the others of that source. */
  passes(source: string): boolean {
    const found = this.of(source);
    return this.isUp && found !== undefined && !found.muted && found.track.raw.isHot;
  }

  tell(track: FakeTrack, muted: boolean): void {
    const found = this.publications.find((each) => each.track === track);
    if (!found || !this.isUp) return;
    found.muted = muted;
    const source = track.source as "microphone" | "camera";
    if (muted) this.world.own.mutedFromOutside(source);
  }

  switchActiveDevice(): Promise<boolean> {
    return Promise.resolve(true);
  }
}

export class FakeTrack {
  isMuted = false;
  sid: string | undefined;
  sender: object | undefined;
  source = "";
  readonly #listeners: [string, () => void][] = [];
  #lock = Promise.resolve();

  constructor(
    public raw: Raw,
    _: unknown,
    readonly isOwners: boolean,
  ) {
    void Promise.resolve().then(() => this.#take(raw));
  }

  get kind(): string {
    return this.raw.kind;
  }

  get mediaStreamTrack(): Raw {
    return this.raw;
  }

  on(event: string, run: () => void): void {
    this.#listeners.push([event, run]);
  }

  emit(event: string): void {
    for (const [wanted, run] of this.#listeners) if (wanted === event) run();
  }

  mute(): Promise<void> {
    return this.#locked(() => this.#turn(true));
  }

  unmute(): Promise<void> {
    return this.#locked(() => this.#turn(false));
  }

  async replaceTrack(raw: Raw): Promise<void> {
    if (!this.sender) throw new Error("unable to replace an unpublished track");
    await Promise.resolve();
    await this.#take(raw);
  }

  setDegradationPreference(): Promise<void> {
    return Promise.resolve();
  }

  async #take(raw: Raw): Promise<void> {
    await Promise.resolve();
    this.raw = raw;
    raw.enabled = !this.isMuted;
    await Promise.resolve();
  }

  #locked(run: () => void): Promise<void> {
    this.#lock = this.#lock.then(run);
    return this.#lock;
  }

  #turn(muted: boolean): void {
    if (this.isMuted === muted) return;
    this.isMuted = muted;
    this.raw.enabled = !muted;
    this.emit(muted ? "muted" : "unmuted");
  }
}

const Source = {
  Microphone: "microphone",
  Camera: "camera",
  ScreenShare: "screen",
  ScreenShareAudio: "screen_audio",
};

export const livekit = {
  LocalAudioTrack: FakeTrack,
  LocalVideoTrack: FakeTrack,
  Track: { Source },
  TrackEvent: { Muted: "muted", Unmuted: "unmuted" },
} as unknown as LiveKit;

/** Whatever needs no outside has happened. */
export const settled = (): Promise<void> => new Promise((done) => setTimeout(done));
