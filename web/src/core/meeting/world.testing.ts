/** For tests: virtual time, a network one can cut, sockets one can read and answer. */
import type { SessionEdges } from "./session";
import type { Edges, Socket } from "./edges";

export class FakeSocket implements Socket {
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;
  isClosed = false;
  readonly sent: Record<string, never>[] = [];

  constructor(
    readonly url: string,
    readonly protocols: readonly string[],
  ) {}

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, never>);
  }

  close(): void {
    this.isClosed = true;
  }

  open(): void {
    this.onopen?.();
  }

  say(message: unknown): void {
    this.onmessage?.({ data: typeof message === "string" ? message : JSON.stringify(message) });
  }

  break(code = 1006): void {
    this.isClosed = true;
    this.onclose?.({ code });
  }
}

export class World implements Edges {
  readonly sockets: FakeSocket[] = [];
  time = 0;
  online = true;
  isThere = true;
  luck = 0.5;
  closeTab = (): void => undefined;
  #timers: { at: number; run: () => void }[] = [];
  #watchers = new Set<() => void>();

  get edges(): SessionEdges {
    return {
      openSocket: (url, protocols) => this.openSocket(url, protocols),
      now: () => this.now(),
      after: (milliseconds, run) => this.after(milliseconds, run),
      random: () => this.random(),
      isOnline: () => this.isOnline(),
      onNetwork: (changed) => this.onNetwork(changed),
      isServerThere: () => Promise.resolve(this.isThere),
      socketOrigin: () => "wss://meet.example",
      onPageGone: (gone) => {
        this.closeTab = gone;
        return () => undefined;
      },
    };
  }

  /** The newest socket. */
  get socket(): FakeSocket {
    const socket = this.sockets.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  openSocket = (url: string, protocols: string[]): Socket => {
    const socket = new FakeSocket(url, protocols);
    this.sockets.push(socket);
    return socket;
  };

  now = (): number => this.time;

  after = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { at: this.time + milliseconds, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  random = (): number => this.luck;
  isOnline = (): boolean => this.online;

  onNetwork = (changed: () => void): (() => void) => {
    this.#watchers.add(changed);
    return () => {
      this.#watchers.delete(changed);
    };
  };

  network(online: boolean): void {
    this.online = online;
    for (const watcher of this.#watchers) watcher();
  }

  /** Let time pass, timer by timer. */
  pass(milliseconds: number): void {
    const end = this.time + milliseconds;
    for (;;) {
      const due = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#timers = this.#timers.filter((timer) => timer !== due);
      this.time = Math.max(this.time, due.at);
      due.run();
    }
    this.time = Math.max(this.time, end);
  }
}

const EVERYTHING = ["chat", "draw", "react", "rename", "share", "unmute", "video"];

/** What who waits is told, and nothing else. */
export function waitingWelcome(seq: number, waiting: Record<string, unknown>): unknown {
  const you = { participant: "me", name: "Me", role: "waiting", may: [] };
  return { welcome: { seq, you, snapshot: { meeting: { waiting } }, now: "" } };
}

export function welcome(seq: number, snapshot: Record<string, unknown> = {}, now = ""): unknown {
  return {
    welcome: { seq, you: { participant: "me", name: "Me", role: "guest", may: EVERYTHING }, snapshot, now },
  };
}

export function event(
  seq: number,
  feature: string,
  type: string,
  payload: unknown = {},
  by = "ann",
): unknown {
  return { event: { seq, at: "2026-11-24T09:00:00Z", feature, type, by, payload } };
}
