/**
 * One person's stay in a meeting, from the ticket to departure: the channel, the log, the media and what to say of
 * the line. It ends exactly once: by `leave`, because the meeting says so, or at a door that stays shut. A broken line
 * is no end, and a server that cannot answer has not said that the meeting is over.
 */
import type { Commands } from "../api/channel";
import type { Answer, JoinResult } from "../api/types";
import type { Departure, DepartureReason, Entry, Passage } from "../journey/room";

import { backoff } from "./backoff";
import { Channel, type Doing, type Outcome, UNSENT_AFTER_MS } from "./channel";
import type { Edges } from "./edges";
import { type Facts, type Line, lineOf, nextLook } from "./line";
import { type LogFeature, MeetingLog } from "./log";
import { Measuring } from "./measured";
import { Media } from "./media/media";
import type { Trouble } from "./media/state";
import { meetingFeature, type Person, readRole } from "./people";
import { type Present, settle, together } from "./present";
import { Emitter, Store } from "../store";
import { isWaiting, waitingOf } from "./waiting";
import type { LogEvent, Payload, Welcome, You } from "./wire";

export interface SessionEdges extends Edges {
  /** Whether the server answers at all: tells "no" from "nobody there" when a rejoin gives nothing. */
  isServerThere(): Promise<boolean>;
  /** `wss://host` of this page. */
  socketOrigin(): string;
  /** Called when the tab is closed or another page comes in its place. @returns what ends it */
  onPageGone(gone: () => void): () => void;
}

/** So long the channel has to say why one is off the media. */
const CHANNEL_SAYS_WITHIN_MS = 3000;

export class Session {
  readonly passage: Passage;
  /** Whether one is in, or what stands in the way; the journey draws by it. */
  readonly entry = new Store<Entry>({ at: "entering" });
  readonly log: MeetingLog;
  readonly media: Media;
  readonly line: Store<Line>;
  /** Everybody in the meeting, in the order they came. */
  readonly people: Store<readonly Present[]>;
  /** Who this person is and what they may do, as the channel says; it changes while one is in. */
  readonly you: Store<You>;
  readonly #edges: SessionEdges;
  readonly #channel: Channel;
  readonly #onDeparture: (departure: Departure) => void;
  readonly #troubles = new Emitter<Trouble>();
  readonly onTrouble = this.#troubles.listen;
  #ignoreNetwork = (): void => undefined;
  #ignorePage = (): void => undefined;
  readonly #known = new Set<string>();
  readonly #measuring = new Measuring();
  #token: string;
  #facts: Facts;
  #cancelLook = (): void => undefined;
  #rejoining: Promise<void> | undefined;
  #refusals = 0;
  #isProbing = false;
  /** The server's clock: what it showed when this device's monotonic one showed `at`. */
  #clock: { shown: number; at: number } | undefined;
  #isStarted = false;
  #isOver = false;

  constructor(
    passage: Passage,
    features: readonly LogFeature<never>[],
    edges: SessionEdges,
    onDeparture: (departure: Departure) => void,
  ) {
    const { join, media } = passage;
    const now = edges.now();
    this.passage = passage;
    this.#token = join.channel_token;
    this.#edges = edges;
    this.#onDeparture = onDeparture;
    this.log = new MeetingLog([meetingFeature as LogFeature<never>, ...features]);
    this.you = new Store(youOf(join));
    this.#facts = {
      online: edges.isOnline(),
      unreachable: false,
      restarting: false,
      missing: false,
      channel: false,
      media: false,
      blocked: false,
      channelSince: now,
      mediaSince: now,
      everIn: false,
      startedAt: now,
    };
    this.line = new Store<Line>(lineOf(this.#facts, now));
    this.media = new Media(join.participant, media, edges, {
      missing: (missing) => this.#learn({ missing }),
      restarting: () => this.#learn({ restarting: true }),
      ended: (why) => this.#mediaEnded(why),
      trouble: (trouble) => this.#troubles.emit(trouble),
      renew: () => this.#renewMedia(),
    });
    this.#channel = new Channel(this.#channelUrl(), join.channel_token, edges, {
      welcome: (welcome) => this.#welcomed(welcome),
      you: (you) => this.#become(you),
      media: (ticket) => this.media.admit(ticket),
      clock: (shown) => this.#setClock(Date.parse(shown)),
      queued: (place) => this.#stand({ at: "queued", place }),
      denied: (code, params, againMs) => this.#denied({ at: "denied", code, params, againMs }),
      event: (event) => this.#happened(event),
      up: (isUp) => {
        if (isUp && !isWaiting(this.you.get())) this.#enter();
        this.#learn({ channel: isUp, channelSince: edges.now(), unreachable: false });
      },
      ended: (why, params) => this.#depart(why, params),
      stale: () => void this.#renewChannel(0),
    });
    this.people = new Store<readonly Present[]>([]);
    this.#gather();
    this.media.state.subscribe(() => {
      this.#mediaMoved();
      const line = this.media.state.get().people[join.participant]?.line;
      this.#measuring.weak(line === "weak", edges.now());
      this.#gather();
    });
    this.log.of(meetingFeature).subscribe(() => this.#gather());
    this.you.subscribe(() => this.#gather());
  }

  /** To make a session reaches for nothing: React may make one, throw it away and make another. */
  start(): void {
    if (this.#isOver || this.#isStarted) return;
    this.#isStarted = true;
    this.#ignoreNetwork = this.#edges.onNetwork(() => this.#learn({ online: this.#edges.isOnline() }));
    this.#ignorePage = this.#edges.onPageGone(() => this.leaving());
    this.#look();
    this.#channel.open();
    this.media.start();
  }

  /** What the server's clock shows now, in ms: a laptop's may be minutes off. */
  serverNow(): number {
    const known = this.#clock;
    return known ? known.shown + this.#edges.now() - known.at : Date.now();
  }

  /** The tab is closed or left: nothing else is sent, and nothing is waited for. */
  leaving(): void {
    if (this.#isOver) return;
    this.#channel.leaving();
    this.media.leaving();
  }

  /** What proves to the server's other addresses who asks: the newest ticket of the channel. */
  get token(): string {
    return this.#token;
  }

  /** A command of a feature; see `Channel.do`. */
  do<Feature extends keyof Commands, Type extends keyof Commands[Feature] & string>(
    feature: Feature,
    type: Type,
    payload: Commands[Feature][Type],
    doing: Doing = {},
  ): Promise<Outcome> {
    return this.#channel.do(feature, type, payload as Payload, doing);
  }

  /** Try again at once, not when its turn comes. */
  retryNow(): void {
    this.#channel.renew();
    this.media.retryNow();
  }

  /** Leave; the server is told, and if it cannot be told it finds out. N6: who leaves a line that is broken gave it up. */
  leave(reason: DepartureReason = this.#isCut ? "unreachable" : "left"): void {
    void this.do("meeting", "leave", {}, { deadlineMs: 500 });
    this.#depart(reason);
  }

  get #isCut(): boolean {
    return this.#facts.everIn && !this.#facts.media;
  }

  /** Whether it is over: its end is told before the command is answered, and who was told hears no answer any more. */
  async endForAll(): Promise<boolean> {
    const outcome = await this.do("meeting", "end", {}, { deadlineMs: UNSENT_AFTER_MS });
    if (outcome.kind === "done") this.#depart("ended");
    return this.#isOver;
  }

  /** The page goes away: no departure is told, the journey is gone too. */
  close(): void {
    this.#isOver = true;
    this.#cancelLook();
    this.#ignoreNetwork();
    this.#ignorePage();
    this.#channel.close();
    this.media.close();
  }

  #depart(reason: DepartureReason, { again, at }: Payload = {}): void {
    if (this.#isOver) return;
    this.close();
    const measured = this.#measuring.sum(this.#edges.now());
    this.#onDeparture({
      reason,
      measured,
      ...(typeof again === "boolean" && { again }),
      ...(typeof at === "string" && { when: at }),
    });
  }

  /**
   * A deleted room may be a restart's doing, and who is sent to the waiting room is taken off the media too: the channel
   * says which it is, and where it says nothing for long, one was removed.
   */
  #mediaEnded(why: "removed" | "ended" | "elsewhere"): void {
    if (why === "elsewhere") this.#depart(why);
    if (why === "removed")
      this.#edges.after(CHANNEL_SAYS_WITHIN_MS, () => {
        if (!isWaiting(this.you.get()) && !this.#facts.media) this.#depart(why);
      });
  }

  #welcomed(welcome: Welcome): void {
    this.#become(welcome.you);
    this.log.restore(welcome);
    const waiting = waitingOf(welcome);
    if (waiting) this.#wait({ at: "waiting", ...waiting });
    else if (this.log.of(meetingFeature).get().ended) this.#depart("ended");
  }

  /** Out of the room, or not yet in it. What one has open stays on this device, and nothing of it is sent. */
  #wait(entry: Entry): void {
    this.media.withdraw();
    this.#learn({ everIn: false, media: false });
    this.entry.set(entry);
  }

  #become(you: You): void {
    this.you.set(you);
    const { may } = you;
    if (!isWaiting(you))
      this.media.own.allow({
        microphone: may.includes("unmute"),
        camera: may.includes("video"),
        screen: may.includes("share"),
      });
  }

  #happened(event: LogEvent): void {
    this.log.append(event);
    if (event.feature !== "meeting") return;
    const isMe = event.payload["participant"] === this.passage.join.participant;
    if (event.type === "ended") this.#depart(event.payload["by"] === "plan" ? "over" : "ended");
    if (event.type === "removed" && isMe)
      this.#depart("removed", { again: event.payload["block"] === false });
  }

  #enter(): void {
    if (this.entry.get().at === "in") return;
    const { policy } = this.log.of(meetingFeature).get();
    if (policy.muteOnEntry && !this.you.get().may.includes("host")) this.media.setMicrophone(false);
    this.#learn({ startedAt: this.#edges.now() });
    this.entry.set({ at: "in" });
  }

  /** Who is in and comes back over a broken line reads of the line, not of the door. */
  #stand(entry: Entry): void {
    if (this.entry.get().at !== "in") this.entry.set(entry);
  }

  #denied(entry: Extract<Entry, { at: "denied" }>): void {
    if (entry.againMs !== undefined) return this.#stand(entry);
    if (this.#isOver) return;
    this.close();
    this.entry.set(entry);
  }

  #setClock(shown: number): void {
    if (!Number.isNaN(shown)) this.#clock = { shown, at: this.#edges.now() };
  }

  #mediaMoved(): void {
    const { phase, blocked } = this.media.state.get();
    const isUp = phase === "up";
    const facts = this.#facts;
    if (blocked !== facts.blocked) this.#learn({ blocked });
    if (isUp === facts.media) return;
    const now = this.#edges.now();
    const outage = isUp && facts.everIn ? { outage: { from: facts.mediaSince, to: now } } : {};
    if (facts.everIn) this.#measuring.lost(!isUp, now);
    this.#learn({
      media: isUp,
      mediaSince: now,
      ...outage,
      ...(isUp ? { everIn: true, restarting: false, unreachable: false } : {}),
    });
    // A socket that lived through a cut may hang for a long time; a fresh one resumes at once.
    if (outage.outage && facts.channel) this.#channel.renew();
  }

  #gather(): void {
    if (this.#isOver) return;
    const media = this.media.state.get();
    const { participant, name, role } = this.you.get();
    const me: Person = { id: participant, name, role: readRole(role), joinedAt: "" };
    const meeting = this.log.of(meetingFeature).get();
    const people = settle(this.people.get(), together(meeting, media, me, this.#known));
    for (const id of Object.keys(media.people)) this.#known.add(id);
    const ids = new Set(people.map(({ id }) => id));
    for (const { id } of this.people.get()) if (!ids.has(id)) this.media.pictures.forget(id);
    this.people.set(people);
  }

  /** Another ticket for media: each new socket of the channel brings one. */
  #renewMedia(): void {
    if (this.#facts.channel) this.#channel.renew();
    else void this.#probe();
  }

  /** A fresh ticket, asked for once at a time. */
  #renew(): Promise<void> {
    this.#rejoining ??= this.#rejoin().finally(() => {
      this.#rejoining = undefined;
    });
    return this.#rejoining;
  }

  async #rejoin(): Promise<void> {
    const answer = await this.passage.rejoin().catch((): Answer<JoinResult> => ({ kind: "unreachable" }));
    if (this.#isOver) return;
    if (answer.kind === "ok") this.#rejoined(answer.value);
    else if (answer.kind === "refused") this.#refused(answer.refusal.code);
    else {
      this.#refusals = 0;
      await this.#probe();
    }
  }

  #rejoined({ channel_token: token }: JoinResult): void {
    this.#refusals = 0;
    this.#token = token;
    this.#learn({ unreachable: false });
    if (!this.#facts.channel) this.#channel.renew(token);
  }

  /** It answers and will not have us, for good: only the channel knows why, and it was not asked. */
  #refused(code: string): void {
    this.#refusals += 1;
    this.#learn({ unreachable: false });
    if (this.#refusals >= 3) this.#denied({ at: "denied", code, params: {}, againMs: undefined });
  }

  /** No answer, or one that is none (5xx), says nothing of the meeting; perhaps it does of the server. */
  async #probe(): Promise<void> {
    if (this.#isProbing) return;
    this.#isProbing = true;
    const isThere = await this.#edges.isServerThere().catch(() => false);
    this.#isProbing = false;
    const isBack = isThere && this.#facts.unreachable;
    this.#learn({ unreachable: !isThere });
    // Browsers slow down a page whose sockets failed, but not its requests: the channel need not wait for its turn.
    if (isBack && !this.#isOver) this.#channel.renew();
  }

  async #renewChannel(failures: number): Promise<void> {
    await this.#renew();
    if (this.#isOver || this.#channel.isTrying) return;
    const delay = backoff(failures, this.#edges.random());
    this.#edges.after(delay, () => void this.#renewChannel(failures + 1));
  }

  #channelUrl(): string {
    const { number } = this.passage.join.meeting;
    return `${this.#edges.socketOrigin()}/api/meetings/${encodeURIComponent(number)}/channel`;
  }

  #learn(change: Partial<Facts>): void {
    if (this.#isOver) return;
    this.#facts = { ...this.#facts, ...change };
    this.#look();
  }

  #look(): void {
    this.#cancelLook();
    const now = this.#edges.now();
    const line = lineOf(this.#facts, now);
    if (JSON.stringify(line) !== JSON.stringify(this.line.get())) this.line.set(line);
    const next = nextLook(this.#facts, now);
    if (next !== undefined) this.#cancelLook = this.#edges.after(next - now, () => this.#look());
  }
}

/** Until the channel says what one may do, one may do nothing. */
function youOf({ participant, name, role }: JoinResult): You {
  return { participant, name, role, may: [] };
}
