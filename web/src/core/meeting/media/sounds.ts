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

export class Sounds {
  readonly #sounds = new Map<Audible, HTMLMediaElement>();
  readonly #changed: () => void;

  /** @param changed called whenever a sound begins or stops to play */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** There is something to hear, and it does not play. */
  get heldBack(): boolean {
    return [...this.#sounds.values()].some(({ paused }) => paused);
  }

  play(track: Audible): void {
    const element = track.attach();
    this.#sounds.set(track, element);
    for (const change of ["play", "pause"]) element.addEventListener(change, this.#changed);
    document.body.append(element);
  }

  silence(track: Audible): void {
    const mine = this.#sounds.get(track);
    this.#sounds.delete(track);
    for (const element of [...track.detach(), ...(mine ? [mine] : [])]) {
      for (const change of ["play", "pause"]) element.removeEventListener(change, this.#changed);
      element.remove();
    }
  }

  clear(): void {
    for (const track of this.#sounds.keys()) this.silence(track);
  }
}
