/**
 * The others' sound, played by elements of the page: one that is nowhere may be collected or stopped by a browser.
 *
 * Whether the browser holds the sound back is read from these elements. livekit-client says so too when an AudioContext
 * that it keeps beside them takes long to start, which in Firefox it does for ever on a machine without a sound card.
 */

import { audioContext } from "../../devices/meter";

/** What of a LiveKit track is needed to hear it. */
export interface Audible {
  attach(): HTMLMediaElement;
  detach(): HTMLMediaElement[];
}

const GESTURES = ["pointerdown", "keydown", "visibilitychange"] as const;

export class Sounds {
  readonly #sounds = new Map<Audible, HTMLMediaElement>();
  /** Those that have played. */
  readonly #begun = new WeakSet<HTMLMediaElement>();
  readonly #changed: () => void;
  readonly #gains = new Map<Audible, GainNode>();

  /** @param changed called whenever a sound begins or stops to play */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** There is something to hear, and it does not play. */
  get heldBack(): boolean {
    return [...this.#sounds.values()].some(({ paused }) => paused);
  }

  /** Something played and was stopped by nobody here: a phone call, a locked screen. */
  get interrupted(): boolean {
    return [...this.#sounds.values()].some((each) => each.paused && !each.ended && this.#begun.has(each));
  }

  /** A browser lets it go on from a gesture, some when the page is looked at again. */
  readonly resume = (): void => {
    for (const element of this.#sounds.values())
      if (element.paused) void element.play().catch(() => undefined);
  };

  play(track: Audible): void {
    const element = track.attach();
    this.#sounds.set(track, element);
    element.addEventListener("play", this.#played);
    element.addEventListener("pause", this.#paused);
    document.body.append(element);
  }

  silence(track: Audible): void {
    const mine = this.#sounds.get(track);
    this.#sounds.delete(track);
    this.#ungain(track);
    for (const element of [...track.detach(), ...(mine ? [mine] : [])]) {
      element.removeEventListener("play", this.#played);
      element.removeEventListener("pause", this.#paused);
      element.remove();
    }
  }

  /**
   * Louder than an element can be, or as loud as it can. Where the page's sound doesn't run it stays as it is: being heard
   * comes first. @param volume 0 to 2
   */
  turn(track: Audible & { mediaStreamTrack: MediaStreamTrack }, volume: number): void {
    const element = this.#sounds.get(track);
    if (!element) return;
    const audio = volume > 1 ? audioContext() : undefined;
    if (audio?.state !== "running") {
      this.#ungain(track);
      element.volume = Math.min(1, volume);
      return;
    }
    element.volume = 0;
    const gain = this.#gains.get(track) ?? new GainNode(audio);
    gain.gain.value = volume;
    if (this.#gains.has(track)) return;
    this.#gains.set(track, gain);
    audio
      .createMediaStreamSource(new MediaStream([track.mediaStreamTrack]))
      .connect(gain)
      .connect(audio.destination);
  }

  #ungain(track: Audible): void {
    this.#gains.get(track)?.disconnect();
    this.#gains.delete(track);
  }

  clear(): void {
    for (const gesture of GESTURES) document.removeEventListener(gesture, this.resume);
    for (const track of this.#sounds.keys()) this.silence(track);
  }

  readonly #played = ({ currentTarget }: Event): void => {
    if (currentTarget instanceof HTMLMediaElement) this.#begun.add(currentTarget);
    if (!this.heldBack) for (const gesture of GESTURES) document.removeEventListener(gesture, this.resume);
    this.#changed();
  };

  readonly #paused = (): void => {
    if (this.interrupted) for (const gesture of GESTURES) document.addEventListener(gesture, this.resume);
    this.#changed();
  };
}
