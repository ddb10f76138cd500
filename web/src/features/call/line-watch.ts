/** Watches one's own line for as long as the meeting lasts, whatever of the room is drawn meanwhile. */
import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";
import { nextNotice, noticed, strong } from "../../core/meeting/weakness";

class LineWatch {
  readonly isShown = new Store(false);
  readonly #isWeak: () => boolean;
  #weakness = strong;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    const me = session.passage.join.participant;
    this.#isWeak = () => session.media.state.get().people[me]?.line === "weak";
    session.media.state.subscribe(() => {
      if (this.#isWeak() !== this.#weakness.isWeak) this.#look();
    });
  }

  #look(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.#weakness = noticed(this.#weakness, this.#isWeak(), now);
    this.isShown.set(this.#weakness.isShown);
    const next = nextNotice(this.#weakness);
    if (next !== undefined) this.#timer = setTimeout(() => this.#look(), Math.max(0, next - now) + 1);
  }
}

export const lineWatchOf = ofSession((session: Session) => new LineWatch(session));
