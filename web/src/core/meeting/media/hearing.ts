/**
 * Can they hear me? Watches one's own microphone on this device: whether it gives any sound, whether somebody
 * muted it outside the page, whether what it sends arrives, and, while it is muted, whether its owner talks.
 */
import { Arrivals, readingOf } from "./arrival";
import { awaitSound } from "./silence";
import type { OwnMedia } from "./state";
import { listenForVoice, Talking } from "./voice";

const READ_EVERY_MS = 2000;

export type Heard = Pick<OwnMedia, "hearing" | "arrival" | "microphoneLabel">;

export class Hearing {
  readonly #patch: (change: Partial<Heard>) => void;
  readonly #isOn: () => boolean;
  readonly #onTalk: () => void;
  readonly #sender: () => RTCRtpSender | undefined;
  readonly #talking = new Talking();
  #track: MediaStreamTrack | undefined;
  #stops: (() => void)[] = [];
  #stopListening = (): void => undefined;
  #stopReading = (): void => undefined;

  constructor(
    patch: (change: Partial<Heard>) => void,
    isOn: () => boolean,
    onTalk: () => void,
    sender: () => RTCRtpSender | undefined,
  ) {
    this.#patch = patch;
    this.#isOn = isOn;
    this.#onTalk = onTalk;
    this.#sender = sender;
  }

  /** Another device gives the sound from now on. */
  attend(raw: MediaStreamTrack): void {
    this.stop();
    this.#track = raw;
    const tell = (hearing: Heard["hearing"]) => (): void => this.#patch({ hearing });
    const muted = (): void => {
      if (this.#isOn()) this.#patch({ hearing: "muted-outside" });
    };
    const unmuted = tell("fine");
    raw.addEventListener("mute", muted);
    raw.addEventListener("unmute", unmuted);
    this.#stops = [
      awaitSound(raw, this.#isOn, (known) => this.#patch({ hearing: known === "silent" ? known : "fine" })),
      () => raw.removeEventListener("mute", muted),
      () => raw.removeEventListener("unmute", unmuted),
    ];
    this.#patch({ hearing: "fine", microphoneLabel: raw.label });
  }

  /** The microphone was turned on or off. @param warns whether a muted one goes on listening, on this device */
  turned(warns: boolean): void {
    this.#stopListening();
    this.#stopReading();
    this.#stopListening = this.#stopReading = () => undefined;
    const track = this.#track;
    if (!track) return;
    if (this.#isOn()) this.#read();
    else if (warns && track.readyState === "live")
      this.#stopListening = listenForVoice(track, this.#talking, this.#onTalk);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.#stopListening();
    this.#stopReading();
    this.#stopListening = this.#stopReading = () => undefined;
    this.#track = undefined;
  }

  #read(): void {
    const arrivals = new Arrivals();
    let isOver = false;
    const read = async (): Promise<void> => {
      const stats = await this.#sender()
        ?.getStats()
        .catch(() => undefined);
      if (!stats || isOver) return;
      this.#patch({ arrival: arrivals.read(readingOf(stats.values()), performance.now()) });
    };
    const timer = setInterval(() => void read(), READ_EVERY_MS);
    this.#stopReading = () => {
      isOver = true;
      clearInterval(timer);
      this.#patch({ arrival: "unknown" });
    };
  }
}
