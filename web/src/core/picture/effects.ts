/**
 * What is made of one's picture on this device before anybody sees it, oneself included. A chunk of its own, fetched when
 * it is wanted; the work is a worker's, so that the page goes on.
 *
 * - One worker for one stay: the model is loaded once, however often the camera is turned on.
 * - `state` says what is so: the model is coming, here, failed; the machine is too slow. Until it is here, and from then on
 *   when it is not, the whole picture is blurred: what was to be hidden is never sent.
 * - A browser that gives and takes frames as streams does it in the worker alone; elsewhere a canvas is filmed.
 */
import type { Made, Processor } from "../devices/held";
import { type Readable, Store } from "../store";
import { ownScript } from "../trusted";

import { film } from "./film";
import { isPlain, type Look, ownOf } from "./look";
import type { Wanted } from "./painter";
import type { FromWorker, ToWorker } from "./wire";
// oxlint-disable-next-line import/default -- an address, made by the build
import address from "./worker?worker&url";

export interface EffectsState {
  model: "none" | "coming" | "here" | "failed";
  isSlow: boolean;
}

export interface EffectsPorts {
  look: Readable<Look>;
  /** One's own picture, if it is still on this device. */
  picture(id: string): Promise<Blob | undefined>;
}

const nothing: EffectsState = { model: "none", isSlow: false };

export class Effects {
  readonly state = new Store<EffectsState>(nothing);
  readonly #ports: EffectsPorts;
  readonly #open = new Map<number, (message: FromWorker) => void>();
  #worker: Worker | undefined;
  #count = 0;
  #background = "";
  #picture: Promise<ImageBitmap | undefined> = Promise.resolve(undefined);

  constructor(ports: EffectsPorts) {
    this.#ports = ports;
    let before = ports.look.get();
    ports.look.subscribe(() => {
      const now = ports.look.get();
      const isSame = now.background === before.background && now.light === before.light;
      before = now;
      if (!isSame) void this.#wanted();
    });
  }

  /** For a camera: what is sent and shown in its place. */
  readonly process: Processor = async ([raw]) => {
    if (!raw) throw new Error("no camera");
    const worker = this.#start();
    this.#count += 1;
    const id = this.#count;
    const wanted = { ...this.#ports.look.get(), picture: await this.#drawn() };
    const close = (): void => this.#close(id);
    if (canStream()) return this.#stream(worker, id, raw, wanted, close);
    const filmed = await film(raw, (frame, at) => tell(worker, { say: "frame", id, frame, at }, frame));
    this.#open.set(id, filmed.take);
    tell(worker, { say: "open", id, wanted });
    return {
      tracks: filmed.tracks,
      stop() {
        filmed.stop();
        close();
      },
    };
  };

  /** The model didn't come, or the machine was too slow: it is tried once more. */
  again(): void {
    this.state.set({ ...this.state.get(), isSlow: false });
    const { background, ...rest } = this.#ports.look.get();
    if (!this.#worker) return;
    tell(this.#worker, { say: "want", wanted: { ...rest, background: "none" } });
    void this.#drawn().then(
      (picture) =>
        this.#worker && tell(this.#worker, { say: "want", wanted: { ...rest, background, picture } }),
    );
  }

  #stream(worker: Worker, id: number, raw: MediaStreamTrack, wanted: Wanted, close: () => void): Made {
    const { readable } = new MediaStreamTrackProcessor({ track: raw });
    const made = new MediaStreamTrackGenerator({ kind: "video" });
    const { writable } = made;
    this.#open.set(id, () => undefined);
    tell(worker, { say: "open", id, wanted, readable, writable }, readable, writable);
    return { tracks: [made], stop: close };
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(ownScript(address), { type: "module" });
    worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => this.#heard(data));
    worker.addEventListener("error", () => this.#heard({ say: "model", is: "failed" }));
    this.#worker = worker;
    return worker;
  }

  #heard(message: FromWorker): void {
    if (message.say === "model") this.state.set({ ...this.state.get(), model: message.is });
    else if (message.say === "slow") this.state.set({ ...this.state.get(), isSlow: true });
    else this.#open.get(message.id)?.(message);
  }

  #close(id: number): void {
    this.#open.delete(id);
    if (!this.#worker) return;
    tell(this.#worker, { say: "close", id });
    if (this.#open.size > 0 || !isPlain(this.#ports.look.get())) return;
    // A model is large; whoever wants none of it gets the room back.
    this.#worker.terminate();
    this.#worker = undefined;
    this.state.set(nothing);
  }

  async #wanted(): Promise<void> {
    this.state.set({ ...this.state.get(), isSlow: false });
    const picture = await this.#drawn();
    if (this.#worker) tell(this.#worker, { say: "want", wanted: { ...this.#ports.look.get(), picture } });
  }

  /** The picture behind, read once; one that is gone from this device is a blur. */
  #drawn(): Promise<ImageBitmap | undefined> {
    const { background } = this.#ports.look.get();
    if (background === this.#background) return this.#picture;
    this.#background = background;
    const id = ownOf(background);
    this.#picture = id === undefined ? Promise.resolve(undefined) : this.#read(id);
    return this.#picture;
  }

  async #read(id: string): Promise<ImageBitmap | undefined> {
    try {
      const blob = await this.#ports.picture(id);
      return blob && (await createImageBitmap(blob));
    } catch {
      return undefined;
    }
  }
}

function tell(worker: Worker, message: ToWorker, ...transfer: Transferable[]): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  worker.postMessage(message, transfer);
}

function canStream(): boolean {
  return "MediaStreamTrackProcessor" in globalThis && "MediaStreamTrackGenerator" in globalThis;
}
