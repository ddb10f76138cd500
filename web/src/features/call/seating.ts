/** Keeps the seats of one meeting: listens to who is there and who speaks, and wakes when a swap is due. */
import { emptySeats, heard, nextSwap, seated, type Seats, swapped } from "../../core/layout/seats";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/meeting/store";

/** Somebody must speak this long before speaker view turns to them. */
const LEAD_AFTER_MS = 800;

export class Seating {
  readonly seats = new Store<Seats>(emptySeats);
  /** Who has the large tile of speaker view. */
  readonly lead = new Store<string | undefined>(undefined);
  readonly #session: Session;
  readonly #stops: (() => void)[];
  #onPage = Number.POSITIVE_INFINITY;
  #pinned: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leadTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
    const sit = (): void => {
      const others = session.people.get().filter(({ self }) => !self);
      this.seats.update((seats) =>
        seated(
          seats,
          others.map(({ id }) => id),
        ),
      );
    };
    sit();
    this.#stops = [
      session.people.subscribe(sit),
      session.media.levels.onSpeakers((speaking) => this.#speak(speaking)),
    ];
  }

  /** What the stage shows now: the first page, and whose seat is fixed. */
  showing(onPage: number, pinned: readonly string[]): void {
    this.#onPage = onPage;
    this.#pinned = pinned;
    this.#swap();
  }

  stop(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#leadTimer);
    for (const stop of this.#stops) stop();
  }

  #speak(speaking: readonly string[]): void {
    this.seats.update((seats) => heard(seats, speaking, performance.now()));
    this.#swap();
    this.#turn(speaking);
  }

  #swap(): void {
    clearTimeout(this.#timer);
    const now = performance.now();
    this.seats.update((seats) => swapped(seats, this.#onPage, this.#pinned, now));
    const next = nextSwap(this.seats.get(), this.#onPage);
    if (next !== undefined) this.#timer = setTimeout(() => this.#swap(), Math.max(50, next - now));
  }

  #turn(speaking: readonly string[]): void {
    clearTimeout(this.#leadTimer);
    const me = this.#session.passage.join.participant;
    const wanted = speaking.find((id) => id !== me);
    const lead = this.lead.get();
    if (wanted === undefined || (lead !== undefined && speaking.includes(lead))) return;
    this.#leadTimer = setTimeout(() => this.lead.set(wanted), lead === undefined ? 0 : LEAD_AFTER_MS);
  }
}
