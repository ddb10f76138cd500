/**
 * What somebody's day looks like: which meeting is next, what else is today, what comes and what was. Pure; the store
 * below asks the server and keeps what it last said, so that a page that comes back is there at once.
 */
import type { Board, CalendarApi, Held, Occurrence } from "../api/calendar-client";
import { type Readable, Store } from "../store";

/** From so long before its start on, joining is what one is here for. */
export const SOON_MS = 15 * 60_000;

export interface Sections {
  /** Running, open, or the first to come. */
  next: Occurrence | undefined;
  /** More that one can be in now. */
  now: readonly Occurrence[];
  today: readonly Occurrence[];
  later: readonly Occurrence[];
  /** The one filled button of the page. */
  primary: "join" | "start";
}

export function sectionsOf(board: Board, now: number): Sections {
  const running = board.now.filter(isLive);
  const next = running[0] ?? board.next ?? undefined;
  const others = (list: readonly Occurrence[]) =>
    list.filter(
      (one) => !isSame(one, next) && !running.some((other) => isSame(one, other)) && one.state !== "over",
    );
  const today = others(board.today);
  return {
    next,
    now: running.slice(1),
    today,
    later: others(board.coming).filter((one) => !today.some((other) => isSame(one, other))),
    primary: next && canJoin(next, now) ? "join" : "start",
  };
}

function isLive({ state }: Occurrence): boolean {
  return state === "running" || state === "open";
}

export function canJoin(one: Occurrence, now: number): boolean {
  return isLive(one) || (one.state === "planned" && Date.parse(one.starts_at) - now <= SOON_MS);
}

function isSame(one: Occurrence, other: Occurrence | undefined): boolean {
  return one.meeting === other?.meeting && one.at === other.at;
}

export function isEmpty(board: Board): boolean {
  return (
    [board.now, board.today, board.coming, board.earlier].every((list) => list.length === 0) && !board.next
  );
}

/** As many as a list loads at once. */
export const PAGE = 20;

export interface BoardState {
  board: Board | undefined;
  /** Everything earlier that was asked for, the latest first. */
  earlier: readonly Held[];
  /** The last page was shorter than a page: there is nothing before it. */
  isAll: boolean;
  /** The last try had no answer. */
  isLost: boolean;
}

export interface BoardStore extends Readable<BoardState> {
  refresh(): Promise<void>;
  more(): Promise<void>;
}

export function createBoard(api: Pick<CalendarApi, "board" | "earlier">, zone: string): BoardStore {
  const state = new Store<BoardState>({ board: undefined, earlier: [], isAll: false, isLost: false });
  let asking: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    const answer = await api.board(zone);
    asking = undefined;
    if (answer.kind !== "ok") return state.update((before) => ({ ...before, isLost: true }));
    const { earlier } = answer.value;
    state.update((before) => ({
      board: answer.value,
      earlier: merged(earlier, before.earlier),
      isAll: before.isAll || earlier.length < PAGE,
      isLost: false,
    }));
  }

  return {
    get: state.get,
    subscribe: state.subscribe,
    refresh: () => (asking ??= refresh()),
    async more() {
      const last = state.get().earlier.at(-1);
      if (!last) return;
      const answer = await api.earlier(last.began_at);
      if (answer.kind !== "ok") return;
      const { earlier } = answer.value;
      state.update((before) => ({
        ...before,
        earlier: merged(before.earlier, earlier),
        isAll: earlier.length < PAGE,
      }));
    },
  };
}

/** Once each, the newer words of it. */
function merged(first: readonly Held[], then: readonly Held[]): readonly Held[] {
  const key = ({ meeting, n }: Held) => `${meeting} ${n}`;
  const known = new Set(first.map(key));
  return [...first, ...then.filter((one) => !known.has(key(one)))];
}
