/**
 * The edge of one own device: asks the browser, holds the tracks it gives, puts them on the connection, and tells the
 * machine (`device.ts`) what came of it. What passes is set before anything else is done or waited for.
 */
import { Store } from "../../store";

import { closedDevice, type Device, type Effect, type Input, passes, type Sending, step } from "./device";
import type { Line, Wire } from "./wire";

export interface DevicePorts {
  /** The browser's prompt; it may take minutes. */
  ask(chosen: string | null): Promise<readonly MediaStreamTrack[]>;
  /** Another set of tracks is open, or none. */
  opened(tracks: readonly MediaStreamTrack[]): void;
  refused(error: unknown, lost: string | undefined): void;
  lost(label: string, instead: string | undefined): void;
  now(): number;
  after(milliseconds: number, run: () => void): () => void;
}

const AGAIN_AFTER_MS = 1000;

export class OwnDevice {
  readonly state: Store<Device>;
  readonly #ports: DevicePorts;
  readonly #wire: Wire;
  readonly #tracks = new Map<number, readonly MediaStreamTrack[]>();
  readonly #inputs: Input[] = [];
  #line: Line | undefined;
  #lines = 0;
  #count = 0;
  #isTaking = false;

  constructor(ports: DevicePorts, wire: Wire, chosen: string | null, revives = true) {
    this.#ports = ports;
    this.#wire = wire;
    this.state = new Store(closedDevice(chosen, revives));
  }

  get tracks(): readonly MediaStreamTrack[] {
    return this.#tracks.get(this.state.get().open?.id ?? 0) ?? [];
  }

  want(on: boolean): void {
    this.#tell({ type: "want", on });
  }

  stay(on: boolean): void {
    this.#tell({ type: "stay", on });
  }

  choose(id: string): void {
    this.#tell({ type: "choose", id });
  }

  /** A device that was opened elsewhere is ours from now on. */
  adopt(track: MediaStreamTrack, wanted: boolean): void {
    const [id, now] = [this.#hold([track]), this.#ports.now()];
    this.#tell({ type: "adopted", id, label: track.label, now, wanted });
  }

  /** Its track was muted on the connection, by whomever. */
  silenced(): void {
    if (!this.#wire.isMuting) this.#tell({ type: "silenced" });
  }

  woke(): void {
    this.#tell({ type: "woke" });
  }

  /** A connection is up; what is open goes out on it. */
  lineUp(line: Line): void {
    // One that livekit-client took up again by itself still carries what it carried.
    if (line.room === this.#line?.room && this.state.get().line > 0) return;
    this.#line = line;
    this.#lines += 1;
    this.#tell({ type: "line", line: this.#lines });
  }

  lineDown(): void {
    this.#tell({ type: "line", line: 0 });
    this.#line = undefined;
  }

  stop(): void {
    this.#tell({ type: "over" });
  }

  /** One after the other, also when what is told has somebody tell something. */
  #tell(input: Input): void {
    this.#inputs.push(input);
    if (this.#isTaking) return;
    this.#isTaking = true;
    try {
      for (let next = this.#inputs.shift(); next; next = this.#inputs.shift()) this.#take(next);
    } finally {
      this.#isTaking = false;
    }
  }

  #take(input: Input): void {
    const [next, effects] = step(this.state.get(), input);
    const isOpen = passes(next);
    for (const tracks of this.#tracks.values()) for (const track of tracks) track.enabled = isOpen;
    this.#wire.pass(isOpen);
    for (const effect of effects) if (effect.type === "close") this.#close(effect.id);
    const before = this.state.get().open;
    this.state.set(next);
    if (next.open?.id !== before?.id) this.#ports.opened(this.tracks);
    for (const effect of effects) this.#do(effect);
  }

  #do(effect: Effect): void {
    switch (effect.type) {
      case "ask":
        void this.#ask(effect.chosen);
        break;
      case "send":
        void this.#send(effect.what);
        break;
      case "wait":
        this.#ports.after(AGAIN_AFTER_MS, () => this.#tell({ type: "again" }));
        break;
      case "refused":
        this.#ports.refused(effect.error, effect.lost);
        break;
      case "lost":
        this.#ports.lost(effect.label, effect.instead);
        break;
      case "close":
        break;
    }
  }

  async #ask(chosen: string | null): Promise<void> {
    try {
      this.#answered(await this.#ports.ask(chosen));
    } catch (error) {
      this.#tell({ type: "refused", error });
    }
  }

  #answered(tracks: readonly MediaStreamTrack[]): void {
    const [id, now] = [this.#hold(tracks), this.#ports.now()];
    this.#tell({ type: "opened", id, label: tracks[0]?.label ?? "", now });
  }

  #hold(tracks: readonly MediaStreamTrack[]): number {
    this.#count += 1;
    const id = this.#count;
    this.#tracks.set(id, tracks);
    // Before livekit-client listens: it mutes what has ended, which is not what a host's mute is.
    tracks[0]?.addEventListener("ended", () => this.#tell({ type: "ended", id, now: this.#ports.now() }));
    return id;
  }

  #close(id: number): void {
    for (const track of this.#tracks.get(id) ?? []) track.stop();
    this.#tracks.delete(id);
    this.#wire.closed(this.#line);
  }

  async #send(what: Sending): Promise<void> {
    const line = this.#line;
    const tracks = this.#tracks.get(what.device);
    const ok = line !== undefined && tracks !== undefined && (await this.#wire.send(line, tracks));
    this.#tell({ type: "sent", what, ok });
  }
}
