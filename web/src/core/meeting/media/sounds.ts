/**
 * The others' sound, played by elements of the page: one that is nowhere may be collected or stopped by a browser.
 *
 * Whether the browser holds the sound back is read from these elements. livekit-client says so too when an AudioContext
 * that it keeps beside them takes long to start, which in Firefox it does for ever on a machine without a sound card.
 */

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
    for (const element of [...track.detach(), ...(mine ? [mine] : [])]) {
      element.removeEventListener("play", this.#played);
      element.removeEventListener("pause", this.#paused);
      element.remove();
    }
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
