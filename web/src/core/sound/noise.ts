/**
 * Typing and fans taken out of one's own microphone, on this device: a small network (GTCRN) in an AudioWorklet, both
 * served with the page.
 *
 * Being heard comes first. Where the browser lets no sound be worked on, or stops doing so, the microphone goes out as it
 * is, and `state` says so.
 */
// oxlint-disable-next-line import/default -- an address
import worklet from "@sapphi-red/web-noise-suppressor/gtcrnWorklet.js?url";
import wasm from "@sapphi-red/web-noise-suppressor/gtcrn.wasm?url";

import { asItIs, type Made, type Processor } from "../devices/held";
import { audioContext } from "../devices/meter";
import { Store } from "../store";

const NODE = "@sapphi-red/web-noise-suppressor/gtcrn";
/** A browser that starts no sound in this time starts none: there is no sound card, or nobody has pressed anything. */
const RUNS_WITHIN_MS = 2000;
/** What the filter knows; a page whose sound card has another rate gets a context of its own for it. */
const RATE = 48_000;
const RATES = new Set([16_000, RATE]);

export class NoiseFilter {
  /** Whether what is wanted is so. */
  readonly state = new Store<"working" | "impossible">("working");
  readonly #lost: () => void;
  #binary: Promise<ArrayBuffer> | undefined;
  readonly #audio: () => AudioContext;

  /** @param lost it worked and does no more: the microphone must be opened without it */
  constructor(lost: () => void, audio: () => AudioContext = audioContext) {
    this.#lost = lost;
    this.#audio = audio;
  }

  readonly process: Processor = async (raws) => {
    try {
      const made = await this.#filtered(raws);
      this.state.set("working");
      return made;
    } catch {
      this.state.set("impossible");
      return asItIs(raws);
    }
  };

  async #filtered(raws: readonly MediaStreamTrack[]): Promise<Made> {
    const page = this.#audio();
    const audio = RATES.has(page.sampleRate) ? page : new AudioContext({ sampleRate: RATE });
    const close = (): void => void (audio === page || audio.close());
    try {
      await running(audio);
      const made = this.#through(audio, raws, await this.#load(audio));
      return {
        tracks: made.tracks,
        stop() {
          made.stop();
          close();
        },
      };
    } catch (error) {
      close();
      throw error;
    }
  }

  #through(audio: AudioContext, raws: readonly MediaStreamTrack[], binary: ArrayBuffer): Made {
    const from = audio.createMediaStreamSource(new MediaStream([...raws]));
    const filter = new AudioWorkletNode(audio, NODE, {
      processorOptions: { maxChannels: 1, wasmBinary: binary.slice(0) },
      channelCount: 1,
      channelCountMode: "explicit",
    });
    const to = new MediaStreamAudioDestinationNode(audio, { channelCount: 1 });
    from.connect(filter).connect(to);
    const stopped = (): void => {
      if (audio.state !== "running") void this.#revive(audio);
    };
    audio.addEventListener("statechange", stopped);
    return {
      tracks: to.stream.getAudioTracks(),
      stop() {
        audio.removeEventListener("statechange", stopped);
        from.disconnect();
        filter.disconnect();
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port has none
        filter.port.postMessage("destroy");
      },
    };
  }

  /** A phone call or a lock screen stops the page's sound: nobody would be heard through it. */
  async #revive(audio: AudioContext): Promise<void> {
    try {
      await running(audio);
    } catch {
      this.state.set("impossible");
      this.#lost();
    }
  }

  async #load(audio: AudioContext): Promise<ArrayBuffer> {
    this.#binary ??= fetchBytes(wasm).catch((error: unknown) => {
      this.#binary = undefined;
      throw error;
    });
    const [binary] = await Promise.all([this.#binary, audio.audioWorklet.addModule(worklet)]);
    return binary;
  }
}

async function fetchBytes(address: string): Promise<ArrayBuffer> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`no filter: ${response.status}`);
  return response.arrayBuffer();
}

async function running(audio: AudioContext): Promise<void> {
  const isRunning = (): boolean => audio.state === "running";
  if (isRunning()) return;
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("no sound is worked on")), RUNS_WITHIN_MS);
  });
  await Promise.race([audio.resume(), late]);
  if (!isRunning()) throw new Error("no sound is worked on");
}
