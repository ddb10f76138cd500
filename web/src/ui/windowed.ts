/**
 * A list of thousands of rows with the elements of those in sight only. The box has the height of all rows, each row
 * its place in it; both are below one element that scrolls and says so with `data-scrolls`.
 *
 * - A row that has the focus stays in the page, however far one scrolls: or the focus would fall out of the list.
 * - Where heights are only guessed, what one reads does not move when a guess above it turns out wrong.
 * - Whoever is at the end stays at the end.
 */
import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";

import { inSight, type Range, rowAt, topsOf } from "../core/layout/rows";

/** Drawn above and below what is in sight, so that Tab and a quick scroll find something there. */
const MARGIN_PX = 80;
const AT_END_PX = 40;

export interface Windowed {
  box(element: HTMLElement | null): void;
  height: number;
  rows: readonly { index: number; top: number }[];
}

/**
 * @param keys what the rows are; the rows carry them as `data-row`
 * @param heightOf exact, or the guess for a row that has not been drawn yet
 * @param kind `log`: heights are measured, and the end is where one reads
 */
export function useWindowed(
  keys: readonly string[],
  heightOf: (index: number) => number,
  kind: "list" | "log",
): Windowed {
  const [box, setBox] = useState<HTMLElement | null>(null);
  const [range, setRange] = useState<Range>({ from: 0, to: 0 });
  const [held, setHeld] = useState<string>();
  const [heights] = useState(() => new Map<string, number>());
  const [version, remeasure] = useReducer((count: number) => count + 1, 0);
  const tops = useMemo(
    () => topsOf(keys.length, (index) => heights.get(keys[index] ?? "") ?? heightOf(index)),
    // A version is a state of the heights.
    // oxlint-disable-next-line react/exhaustive-deps
    [keys, heightOf, heights, version],
  );
  const isAtEnd = useRef(kind === "log");
  const reading = useRef<{ key: string; below: number }>(undefined);

  const look = (): void => {
    const seen = sight(box);
    if (!seen) return;
    const next = inSight(tops, seen.top - MARGIN_PX, seen.bottom + MARGIN_PX);
    setRange((old) => (old.from === next.from && old.to === next.to ? old : next));
  };
  const scrolled = (): void => {
    const seen = sight(box);
    if (seen && kind === "log") {
      const { scrollHeight, scrollTop, clientHeight } = seen.scroller;
      isAtEnd.current = scrollHeight - scrollTop - clientHeight < AT_END_PX;
      const first = rowAt(tops, seen.top);
      reading.current = { key: keys[first] ?? "", below: (tops[first] ?? 0) - seen.top };
    }
    look();
  };
  const latest = useRef({ look, scrolled });
  const watching = useRef<ResizeObserver>(undefined);

  // After every drawing; it sets nothing when nothing has moved.
  // oxlint-disable-next-line react-hooks/exhaustive-deps
  useLayoutEffect(() => {
    latest.current = { look, scrolled };
    if (kind === "log") {
      if (measure(box, heights)) remeasure();
      for (const row of drawnRows(box)) watching.current?.observe(row);
      keepPlace(box, tops, keys, isAtEnd.current ? undefined : reading.current);
    }
    look();
  });

  useEffect(() => {
    const scroller = scrollerOf(box);
    if (!box || !scroller) return undefined;
    const onScroll = (): void => latest.current.scrolled();
    const onFocus = ({ target }: FocusEvent): void =>
      setHeld(target instanceof Element ? (rowOf(target, box) ?? undefined) : undefined);
    const onBlur = (): void => setHeld(undefined);
    // A browser glides there and is stopped on its way by what is measured meanwhile; so we go there at once.
    const onKey = (press: KeyboardEvent): void => {
      const to = press.target === scroller && kind === "log" ? goal(press, scroller) : undefined;
      if (to === undefined) return;
      press.preventDefault();
      scroller.scrollTop = to;
      latest.current.scrolled(); // before anything new is drawn where one was
    };
    // Another width is other heights; and a row may grow by itself, while one writes in it.
    const observer = new ResizeObserver((seen) => {
      if (seen.some(({ target }) => target === scroller) || measure(box, heights)) remeasure();
    });
    watching.current = observer;
    scroller.addEventListener("scroll", onScroll, { passive: true });
    scroller.addEventListener("keydown", onKey);
    box.addEventListener("focusin", onFocus);
    box.addEventListener("focusout", onBlur);
    observer.observe(scroller);
    return () => {
      scroller.removeEventListener("scroll", onScroll);
      scroller.removeEventListener("keydown", onKey);
      box.removeEventListener("focusin", onFocus);
      box.removeEventListener("focusout", onBlur);
      observer.disconnect();
      watching.current = undefined;
    };
  }, [box, kind, heights]);

  const rows = [];
  const kept = held === undefined ? -1 : keys.indexOf(held);
  const to = Math.min(range.to, keys.length);
  if (kept >= 0 && kept < range.from) rows.push(kept);
  for (let index = range.from; index < to; index += 1) rows.push(index);
  if (kept >= to) rows.push(kept);
  return {
    box: setBox,
    height: tops[keys.length] ?? 0,
    rows: rows.map((index) => ({ index, top: tops[index] ?? 0 })),
  };
}

function goal(press: KeyboardEvent, scroller: HTMLElement): number | undefined {
  if (press.ctrlKey || press.altKey || press.metaKey || press.shiftKey) return undefined;
  const page = 0.9 * scroller.clientHeight;
  switch (press.key) {
    case "Home":
      return 0;
    case "End":
      return scroller.scrollHeight;
    case "PageUp":
      return scroller.scrollTop - page;
    case "PageDown":
      return scroller.scrollTop + page;
    default:
      return undefined;
  }
}

function scrollerOf(box: HTMLElement | null): HTMLElement | null {
  return box?.closest<HTMLElement>("[data-scrolls]") ?? null;
}

/** The part of the box that is in sight, in its own measure. */
function sight(box: HTMLElement | null): { scroller: HTMLElement; top: number; bottom: number } | undefined {
  const scroller = scrollerOf(box);
  if (!box || !scroller) return undefined;
  const top = scroller.getBoundingClientRect().top - box.getBoundingClientRect().top;
  return { scroller, top, bottom: top + scroller.clientHeight };
}

function rowOf(element: Element, box: HTMLElement): string | null {
  const row = element.closest<HTMLElement>("[data-row]");
  return row && box.contains(row) ? (row.dataset["row"] ?? null) : null;
}

function drawnRows(box: HTMLElement | null): Iterable<HTMLElement> {
  return box?.querySelectorAll<HTMLElement>(":scope > [data-row]") ?? [];
}

function measure(box: HTMLElement | null, heights: Map<string, number>): boolean {
  let isNew = false;
  for (const row of drawnRows(box)) {
    const key = row.dataset["row"] ?? "";
    if (heights.get(key) === row.offsetHeight) continue;
    heights.set(key, row.offsetHeight);
    isNew = true;
  }
  return isNew;
}

function keepPlace(
  box: HTMLElement | null,
  tops: Float64Array,
  keys: readonly string[],
  reading: { key: string; below: number } | undefined,
): void {
  const seen = sight(box);
  if (!seen) return;
  if (!reading) {
    seen.scroller.scrollTop = seen.scroller.scrollHeight;
    return;
  }
  const index = keys.indexOf(reading.key);
  const drift = (tops[index] ?? 0) - reading.below - seen.top;
  if (index >= 0 && Math.abs(drift) >= 1) seen.scroller.scrollTop += drift;
}
