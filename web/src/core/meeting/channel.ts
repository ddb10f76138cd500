/**
 * The meeting channel from our side: one socket, opened again for ever.
 *
 * - An event is handed on once and in order, whatever happens to the socket: after a loss we resume from the
 *   last number seen, and a number seen before is dropped.
 * - However fast events come, the page has time to draw: in a flood those of a moment are handed on together.
 * - A command is sent until the server has said done or refused. It carries the same id each time, so the
 *   server acts once. Whoever gave a deadline gets `unsent` when it passes, and may try again with that id.
 * - A door that is shut (`denied`) is not knocked at again, unless the server says when. Who stands in a queue stays in it.
 * - Only `close()` and a final close code end it.
 */
import { closeCodes, protocol } from "../api/channel";

import { backoff, patience } from "./backoff";
import type { Edges, Socket } from "./edges";
import { isWaiting } from "./waiting";
import {
  type Incoming,
  type LogEvent,
  type MediaTicket,
  type Outgoing,
  parse,
  type Payload,
  type Welcome,
  type You,
} from "./wire";

export type Outcome =
  | { kind: "done"; seq: number }
  | { kind: "refused"; code: string; params: Payload }
  | { kind: "unsent"; id: string };

/** Why the server ended the channel for good. */
export type Ending = "removed" | "ended" | "elsewhere";

export interface ChannelListener {
  welcome(welcome: Welcome): void;
  /** One's own role, name or capabilities, as they are now. */
  you(you: You): void;
  media(ticket: MediaTicket): void;
  /** The server's clock, ISO 8601. */
  clock(now: string): void;
  queued(place: number): void;
  /** Not let in. @param againMs when it is asked again; undefined = never */
  denied(code: string, params: Payload, againMs: number | undefined): void;
  event(event: LogEvent): void;
  /** Up = welcomed or resumed: what is shown is true now. */
  up(isUp: boolean): void;
  ended(why: Ending, params: Payload): void;
  /** The token is no longer good: get another and call `renew`. */
  stale(): void;
}

/** So long a person waits for what they did to be done; after that it is unsent, and they are told. */
export const UNSENT_AFTER_MS = 8000;

export interface Doing {
  id?: string;
  deadlineMs?: number;
}

interface Pending {
  message: Outgoing;
  settle(outcome: Outcome): void;
  cancel(): void;
}

const endings: Record<number, Ending> = {
  [closeCodes.removed]: "removed",
  [closeCodes.ended]: "ended",
  [closeCodes.joinedElsewhere]: "elsewhere",
};
/** Denials that are endings: they have close codes of their own, and words of their own. */
const deniedEndings: Record<string, Ending> = { "meeting.removed": "removed", "meeting.ended": "ended" };
const MOST_PENDING = 200;

/** So many frames of a moment are handed on as they come; what follows waits for its end, or each would be drawn alone. */
const MOMENT_MS = 50;
const AT_ONCE = 5;
/** What is drawn for a moment takes at most a part of the next: people have to be seen and heard meanwhile. */
const PART = 4;
const LONGEST_MS = 1000;
/** A tab in the background has long moments. */
const MOST_HELD = 1000;

export class Channel {
  readonly #edges: Edges;
  readonly #listener: ChannelListener;
  readonly #prefix: string;
  readonly #pending = new Map<string, Pending>();
  #ignoreNetwork = (): void => undefined;
  readonly #url: string;
  #token: string;
  #socket: Socket | undefined;
  #seen: number | undefined;
  #failures = 0;
  #commands = 0;
  #isUp = false;
  #isClosed = false;
  #cancelTimer = (): void => undefined;
  #moment = { began: -Infinity, frames: 0, lasts: MOMENT_MS };
  #held: Incoming[] = [];
  #cancelMoment = (): void => undefined;

  constructor(url: string, token: string, edges: Edges, listener: ChannelListener) {
    this.#url = url;
    this.#token = token;
    this.#edges = edges;
    this.#listener = listener;
    // Two pages of one person must not choose the same ids.
    this.#prefix = `c${Math.floor(edges.random() * 2 ** 40).toString(36)}`;
  }

  /** Until then nothing is reached for; a channel that was made and thrown away has done nothing. */
  open(): void {
    if (this.#isClosed || this.#socket) return;
    this.#ignoreNetwork = this.#edges.onNetwork(() => {
      if (this.#edges.isOnline()) this.renew();
    });
    this.#open();
  }

  /** Not waiting for a better token. */
  get isTrying(): boolean {
    return this.#socket !== undefined;
  }

  /** A command; resolves exactly once. */
  do(feature: string, type: string, payload: Payload, { id, deadlineMs }: Doing = {}): Promise<Outcome> {
    this.#commands += 1;
    const own = id ?? `${this.#prefix}-${this.#commands}`;
    if (this.#isClosed || this.#pending.size >= MOST_PENDING)
      return Promise.resolve({ kind: "unsent", id: own });
    return new Promise((resolve) => {
      const settle = (outcome: Outcome): void => {
        this.#pending.get(own)?.cancel();
        this.#pending.delete(own);
        resolve(outcome);
      };
      const cancel =
        deadlineMs === undefined
          ? () => undefined
          : this.#edges.after(deadlineMs, () => settle({ kind: "unsent", id: own }));
      const message: Outgoing = { do: { id: own, feature, type, payload } };
      this.#pending.set(own, { message, settle, cancel });
      if (this.#isUp) this.#send(message);
    });
  }

  /** Open a fresh socket now: the token changed, or the network came back under the old socket's feet. */
  renew(token: string = this.#token): void {
    if (this.#isClosed) return;
    this.#token = token;
    this.#failures = 0;
    this.#drop();
    this.#open();
  }

  /** The page goes: said on the way out, and not waited for. */
  leaving(): void {
    if (this.#isUp) this.#send({ leaving: {} });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#ignoreNetwork();
    this.#drop();
    for (const [id, { settle }] of this.#pending) settle({ kind: "unsent", id });
  }

  #open(): void {
    this.#cancelTimer();
    const socket = this.#edges.openSocket(this.#url, [protocol, this.#token]);
    this.#socket = socket;
    this.#cancelTimer = this.#edges.after(patience(this.#failures), () => this.#lost(socket));
    socket.onopen = () => this.#send({ hello: this.#seen === undefined ? {} : { resume: this.#seen } });
    socket.onmessage = ({ data }) => this.#receive(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  #receive(socket: Socket, data: unknown): void {
    const messages = parse(data);
    const isAnswer = messages.some(({ kind }) => kind === "done" || kind === "refused");
    if (this.#held.length === 0) {
      const isFlooded = this.#isFlooded();
      if (!isFlooded && (isAnswer || !this.#isAwaited(messages))) return this.#hand(socket, messages);
      this.#cancelMoment = this.#edges.after(this.#moment.lasts, () => this.#release());
    }
    this.#held.push(...messages);
    if (isAnswer || this.#held.length >= MOST_HELD) this.#release();
  }

  /** What one did is told right before it is answered. Drawn between the two it would stand there twice. */
  #isAwaited(messages: readonly Incoming[]): boolean {
    const asked = [...this.#pending.values()];
    return messages.some(
      (one) =>
        one.kind === "event" &&
        asked.some(({ message }) => "do" in message && message.do.feature === one.event.feature),
    );
  }

  /** Counts a frame. A moment begins when what was handed on last is drawn. */
  #isFlooded(): boolean {
    if (this.#edges.now() - this.#moment.began >= this.#moment.lasts)
      this.#moment = { began: Infinity, frames: 0, lasts: MOMENT_MS };
    this.#moment.frames += 1;
    return this.#moment.frames > AT_ONCE;
  }

  #release(): void {
    this.#cancelMoment();
    const held = this.#held;
    if (held.length === 0 || !this.#socket) return;
    this.#held = [];
    this.#hand(this.#socket, held);
  }

  #hand(socket: Socket, messages: readonly Incoming[]): void {
    const [moment, began] = [this.#moment, this.#edges.now()];
    moment.began = Infinity;
    // What is in the same batch behind an end is no longer for us.
    for (const message of messages) if (socket === this.#socket) this.#take(message);
    this.#edges.after(0, () => {
      moment.began = this.#edges.now();
      moment.lasts = Math.min(LONGEST_MS, Math.max(MOMENT_MS, PART * (moment.began - began)));
    });
  }

  #take(message: Incoming): void {
    switch (message.kind) {
      case "welcome":
        // Who waits has seen nothing of the log, and gets the whole of it with the next welcome.
        this.#seen = isWaiting(message.welcome.you) ? undefined : message.welcome.seq;
        this.#listener.clock(message.now);
        this.#listener.welcome(message.welcome);
        this.#rise();
        break;
      case "resumed":
        this.#listener.clock(message.now);
        if (message.you.participant) this.#listener.you(message.you);
        this.#rise();
        break;
      case "you":
        this.#listener.you(message.you);
        break;
      case "media":
        this.#listener.media(message.media);
        break;
      case "queued":
        // It answers, and has many to let in: no reason to lose the place by asking anew.
        this.#cancelTimer();
        this.#listener.queued(message.place);
        break;
      case "denied":
        this.#denied(message.code, message.params);
        break;
      case "event":
        if (this.#seen !== undefined && message.event.seq <= this.#seen) break;
        this.#seen = message.event.seq;
        this.#listener.event(message.event);
        break;
      case "done":
        this.#pending.get(message.id)?.settle({ kind: "done", seq: message.seq });
        break;
      case "refused": {
        const { id, code, params } = message;
        this.#pending.get(id)?.settle({ kind: "refused", code, params });
        break;
      }
    }
  }

  #denied(code: string, params: Payload): void {
    const ending = deniedEndings[code];
    const after = params["retry_after_s"];
    const againMs = typeof after === "number" && after >= 0 ? after * 1000 : undefined;
    if (ending) this.#end(ending, params);
    else if (againMs === undefined) this.close();
    else {
      this.#drop();
      this.#cancelTimer = this.#edges.after(againMs, () => this.#open());
    }
    if (!ending) this.#listener.denied(code, params, againMs);
  }

  #end(ending: Ending, params: Payload = {}): void {
    this.close();
    this.#listener.ended(ending, params);
  }

  #rise(): void {
    this.#cancelTimer();
    this.#failures = 0;
    this.#isUp = true;
    for (const { message } of this.#pending.values()) this.#send(message);
    this.#listener.up(true);
  }

  #closed(socket: Socket, code: number): void {
    if (socket !== this.#socket) return;
    this.#release();
    const ending = endings[code];
    if (ending) this.#end(ending);
    else if (code === closeCodes.denied) this.#denied("", {});
    else if (code === closeCodes.badToken) {
      this.#drop();
      this.#listener.stale();
    } else {
      this.#lost(socket);
    }
  }

  #lost(socket: Socket): void {
    if (socket !== this.#socket) return;
    this.#drop();
    const delay = backoff(this.#failures, this.#edges.random());
    this.#failures += 1;
    this.#cancelTimer = this.#edges.after(delay, () => this.#open());
  }

  /** What was held comes again: it is after the last number seen. */
  #drop(): void {
    this.#cancelTimer();
    this.#cancelMoment();
    this.#held = [];
    const socket = this.#socket;
    this.#socket = undefined;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.#isUp) {
      this.#isUp = false;
      this.#listener.up(false);
    }
  }

  #send(message: Outgoing): void {
    this.#socket?.send(JSON.stringify(message));
  }
}
