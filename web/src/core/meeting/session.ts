/**
 * One person's stay in a meeting, from join to departure: the channel, the log, the media and what to say of
 * the line. It ends exactly once, by `leave`, or because the meeting says so; a broken line is not an end.
 */
import type { Departure, DepartureReason, Passage } from "../journey/room";

import { backoff } from "./backoff";
import { Channel, type Doing, type Ending, type Outcome } from "./channel";
import type { Edges } from "./edges";
import { type Facts, type Line, lineOf, nextLook } from "./line";
import { type LogFeature, MeetingLog } from "./log";
import { Measuring } from "./measured";
import { Media, type Ticket } from "./media/media";
import type { Trouble } from "./media/state";
import { meetingFeature, type Person } from "./people";
import { type Present, settle, together } from "./present";
import { Store } from "./store";
import type { Payload, Welcome } from "./wire";

export interface SessionEdges extends Edges {
  /** Whether the server answers at all: tells "no" from "nobody there" when a rejoin gives nothing. */
  isServerThere(): Promise<boolean>;
  /** `wss://host` of this page. */
  socketOrigin(): string;
}

export class Session {
  readonly passage: Passage;
  readonly log: MeetingLog;
  readonly media: Media;
  readonly line: Store<Line>;
  /** Everybody in the meeting, in the order they came. */
  readonly people: Store<readonly Present[]>;
  /** Role of this person as the channel says; a host may become none, or the other way round. */
  readonly you: Store<Welcome["you"]>;
  readonly #edges: SessionEdges;
  readonly #channel: Channel;
  readonly #onDeparture: (departure: Departure) => void;
  readonly #troubles = new Set<(trouble: Trouble) => void>();
  #ignoreNetwork = (): void => undefined;
  readonly #known = new Set<string>();
  readonly #measuring = new Measuring();
  #facts: Facts;
  #cancelLook = (): void => undefined;
  #rejoining: Promise<Ticket | null> | undefined;
  #refusals = 0;
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
    this.#edges = edges;
    this.#onDeparture = onDeparture;
    this.log = new MeetingLog([meetingFeature as LogFeature<never>, ...features]);
    this.you = new Store({ participant: join.participant, name: join.name, role: join.role as string });
    this.#facts = {
      online: edges.isOnline(),
      unreachable: false,
      restarting: false,
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
      restarting: () => this.#learn({ restarting: true }),
      ended: (why) => this.#mediaEnded(why),
      trouble: (trouble) => {
        for (const listener of this.#troubles) listener(trouble);
      },
      renew: () => this.#renew(),
    });
    this.#channel = new Channel(this.#channelUrl(join.channel_token), edges, {
      welcome: (welcome) => {
        this.you.set(welcome.you);
        this.log.restore(welcome);
        if (this.log.of(meetingFeature).get().ended) this.#depart("ended");
      },
      event: (event) => {
        this.log.append(event);
        if (event.feature !== "meeting") return;
        if (event.type === "ended") this.#depart("ended");
        if (event.type === "removed" && event.payload["participant"] === join.participant)
          this.#depart("removed");
        if (event.type === "role_changed" && event.payload["participant"] === join.participant)
          this.you.update((you) => ({ ...you, role: String(event.payload["role"]) }));
      },
      up: (isUp) => this.#learn({ channel: isUp, channelSince: edges.now(), unreachable: false }),
      ended: (why) => this.#depart(why),
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
    this.#look();
    this.#channel.open();
    void this.media.start(this.passage.join.livekit);
  }

  /** A command of a feature; see `Channel.do`. */
  do(feature: string, type: string, payload: Payload = {}, doing: Doing = {}): Promise<Outcome> {
    return this.#channel.do(feature, type, payload, doing);
  }

  onTrouble(listener: (trouble: Trouble) => void): () => void {
    this.#troubles.add(listener);
    return () => {
      this.#troubles.delete(listener);
    };
  }

  /** Try again at once, not when its turn comes. */
  retryNow(): void {
    this.#channel.renew();
    this.media.retryNow();
  }

  /** Leave; the server is told, and if it cannot be told it finds out. */
  leave(reason: DepartureReason = "left"): void {
    void this.#channel.do("meeting", "leave", {}, { deadlineMs: 500 });
    this.#depart(reason);
  }

  async endForAll(): Promise<Outcome> {
    const outcome = await this.#channel.do("meeting", "end", {}, { deadlineMs: 8000 });
    if (outcome.kind === "done") this.#depart("ended");
    return outcome;
  }

  /** The page goes away: no departure is told, the journey is gone too. */
  close(): void {
    this.#isOver = true;
    this.#cancelLook();
    this.#ignoreNetwork();
    this.#channel.close();
    this.media.close();
  }

  #depart(reason: DepartureReason): void {
    if (this.#isOver) return;
    this.close();
    this.#onDeparture({ reason, measured: this.#measuring.sum(this.#edges.now()) });
  }

  #mediaEnded(why: Ending): void {
    // A deleted room may be a restart's doing: then the rejoin finds the meeting, or finds it closed.
    if (why !== "ended") this.#depart(why);
  }

  #mediaMoved(): void {
    const { phase, blocked } = this.media.state.get();
    const isUp = phase === "up";
    const facts = this.#facts;
    if (blocked !== facts.blocked) this.#learn({ blocked });
    if (isUp === facts.media) return;
    const now = this.#edges.now();
    const outage = isUp && facts.everIn ? { outage: { from: facts.mediaSince, to: now } } : {};
    if (outage.outage) this.#measuring.outage(now - facts.mediaSince);
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
    const me: Person = { id: participant, name, role: role === "host" ? "host" : "guest", joinedAt: "" };
    const meeting = this.log.of(meetingFeature).get();
    const people = settle(this.people.get(), together(meeting, media, me, this.#known));
    for (const id of Object.keys(media.people)) this.#known.add(id);
    const ids = new Set(people.map(({ id }) => id));
    for (const { id } of this.people.get()) if (!ids.has(id)) this.media.pictures.forget(id);
    this.people.set(people);
  }

  /** Fresh tokens, asked for once at a time, for media and channel alike. */
  #renew(): Promise<Ticket | null> {
    this.#rejoining ??= this.#rejoin().finally(() => {
      this.#rejoining = undefined;
    });
    return this.#rejoining;
  }

  async #rejoin(): Promise<Ticket | null> {
    const join = await this.passage.rejoin().catch(() => null);
    if (this.#isOver) return null;
    if (join) {
      this.#refusals = 0;
      this.#learn({ unreachable: false });
      if (!this.#facts.channel) this.#channel.renew(this.#channelUrl(join.channel_token));
      return join.livekit;
    }
    const isThere = await this.#edges.isServerThere();
    this.#refusals = isThere ? this.#refusals + 1 : 0;
    this.#learn({ unreachable: !isThere });
    // It answers and will not have us: the meeting ended while we were away.
    if (this.#refusals >= 3) this.#depart("ended");
    return null;
  }

  async #renewChannel(failures: number): Promise<void> {
    const ticket = await this.#renew();
    if (ticket || this.#isOver) return;
    const delay = backoff(failures, this.#edges.random());
    this.#edges.after(delay, () => void this.#renewChannel(failures + 1));
  }

  #channelUrl(token: string): string {
    const { number } = this.passage.join.meeting;
    const query = new URLSearchParams({ token });
    return `${this.#edges.socketOrigin()}/api/meetings/${encodeURIComponent(number)}/channel?${query}`;
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
