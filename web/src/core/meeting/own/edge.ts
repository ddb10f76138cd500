/**
 * The edge of one own device: asks the browser, holds the tracks it gives, puts them on the connection, and tells the
 * machine (`device.ts`) what came of it. What passes is set before anything else is done or waited for.
 */
import { asItIs, type Held, type Processor } from "../../devices/held";
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

/** The same device once more, for who opens it next. */
interface Spare {
  chosen: string | null;
  raws: readonly MediaStreamTrack[];
}

const AGAIN_AFTER_MS = 1000;

export class OwnDevice {
  readonly state: Store<Device>;
  readonly #ports: DevicePorts;
  readonly #wire: Wire;
  readonly #held = new Map<number, Held>();
  readonly #inputs: Input[] = [];
  #processor: Processor | undefined;
  #spare: Spare | undefined;
  #line: Line | undefined;
  #lines = 0;
  #count = 0;
  #isTaking = false;

  /** @param processor as by `through`, from the first moment on */
  constructor(ports: DevicePorts, wire: Wire, chosen: string | null, revives = true, processor?: Processor) {
    this.#ports = ports;
    this.#wire = wire;
    this.#processor = processor;
    this.state = new Store(closedDevice(chosen, revives));
  }

  get tracks(): readonly MediaStreamTrack[] {
    return this.#held.get(this.state.get().open?.id ?? 0)?.tracks ?? [];
  }

  /** As the browser gives them. */
  get raws(): readonly MediaStreamTrack[] {
    return this.#held.get(this.state.get().open?.id ?? 0)?.raws ?? [];
  }

  want(on: boolean): void {
    this.#tell({ type: "want", on });
  }

  bar(on: boolean): void {
    this.#tell({ type: "bar", on });
  }

  stay(on: boolean): void {
    this.#tell({ type: "stay", on });
  }

  choose(id: string): void {
    this.#tell({ type: "choose", id });
  }

  hold(on: boolean): void {
    this.#tell({ type: "hold", on });
  }

  /**
   * From now on nothing of it is sent or shown but what this makes of it; undefined = as it is. The device itself stays
   * open: its light would go out and on again, and a browser might ask once more.
   * @param asksAnew something else is wanted of the device itself, and of how it is sent
   */
  through(processor: Processor | undefined, asksAnew = false): void {
    this.#processor = processor;
    if (asksAnew) {
      this.#wire.anew(this.#line);
      return this.#tell({ type: "renew" });
    }
    const { open, chosen } = this.state.get();
    const raws = this.#held.get(open?.id ?? 0)?.raws.map((raw) => raw.clone());
    this.#spare = raws && { chosen, raws };
    this.#tell({ type: "renew" });
    for (const raw of this.#spare?.raws ?? []) raw.stop();
    this.#spare = undefined;
  }

  /** A device that was opened elsewhere is ours from now on, and with it what was made of it there. */
  adopt(held: Held, wanted: boolean): void {
    const [id, now] = [this.#keep(held), this.#ports.now()];
    this.#tell({ type: "adopted", id, label: held.raws[0]?.label ?? "", now, wanted });
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
    for (const { raws, tracks } of this.#held.values())
      for (const track of [...raws, ...tracks]) track.enabled = isOpen;
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
      this.#answered(await this.#process(this.#spared(chosen) ?? (await this.#ports.ask(chosen))));
    } catch (error) {
      this.#tell({ type: "refused", error });
    }
  }

  #spared(chosen: string | null): readonly MediaStreamTrack[] | undefined {
    const spare = this.#spare;
    if (!spare || spare.chosen !== chosen) return undefined;
    this.#spare = undefined;
    return spare.raws;
  }

  /** Where making it fails nothing is opened: what was to be hidden is never sent as it is. */
  async #process(raws: readonly MediaStreamTrack[]): Promise<Held> {
    const by = this.#processor;
    if (!by) return asItIs(raws);
    const made = await by(raws).catch((error: unknown) => {
      for (const track of raws) track.stop();
      throw error;
    });
    if (by === this.#processor) return { ...made, raws };
    made.stop(); // another was chosen meanwhile
    return this.#process(raws);
  }

  #answered(held: Held): void {
    const [id, now] = [this.#keep(held), this.#ports.now()];
    this.#tell({ type: "opened", id, label: held.raws[0]?.label ?? "", now });
  }

  #keep(held: Held): number {
    this.#count += 1;
    const id = this.#count;
    this.#held.set(id, held);
    // Before livekit-client listens: it mutes what has ended, which is not what a host's mute is.
    const ended = (): void => this.#tell({ type: "ended", id, now: this.#ports.now() });
    for (const track of new Set([held.raws[0], held.tracks[0]])) track?.addEventListener("ended", ended);
    return id;
  }

  #close(id: number): void {
    const held = this.#held.get(id);
    for (const track of [...(held?.raws ?? []), ...(held?.tracks ?? [])]) track.stop();
    held?.stop();
    this.#held.delete(id);
    this.#wire.closed(this.#line);
  }

  async #send(what: Sending): Promise<void> {
    const line = this.#line;
    const tracks = this.#held.get(what.device)?.tracks;
    const ok = line !== undefined && tracks !== undefined && (await this.#wire.send(line, tracks));
    this.#tell({ type: "sent", what, ok });
  }
}
