/** Keeps the seats of one meeting: listens to who is there and who speaks, and wakes when a swap is due. */
import {
  type Drawn,
  emptySeats,
  heard,
  nextSwap,
  seated,
  type Seats,
  swapped,
} from "../../core/layout/seats";
import { sharing } from "../../core/layout/viewing";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";

/** Somebody must speak this long before speaker view turns to them. */
const LEAD_AFTER_MS = 800;

export class Seating {
  readonly seats = new Store<Seats>(emptySeats);
  /** Who has the large tile of speaker view. */
  readonly lead = new Store<string | undefined>(undefined);
  readonly sharers = new Store<readonly string[]>([]);
  readonly #session: Session;
  readonly #stops: (() => void)[];
  #drawn: Drawn = { order: [], onPage: 0 };
  #fixed: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #leadTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(session: Session) {
    this.#session = session;
    const sit = (): void => {
      const people = session.people.get();
      const others = people.filter(({ self }) => !self);
      this.sharers.update((before) => sharing(before, people));
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

  /** What the stage shows now, and whose seat is fixed. */
  showing(drawn: Drawn, fixed: readonly string[]): void {
    this.#drawn = drawn;
    this.#fixed = fixed;
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
    this.seats.update((seats) => swapped(seats, this.#drawn, this.#fixed, now));
    const next = nextSwap(this.seats.get(), this.#drawn);
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
