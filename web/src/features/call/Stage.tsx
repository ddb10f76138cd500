import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import type { Arrangement } from "../../core/layout/arrange";
import type { Area, Grid } from "../../core/layout/tiles";
import { fixedOf, stageOf, withSpotlight } from "../../core/layout/viewing";
import { alike } from "../../core/meeting/alike";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { useMeeting, usePeople, useSession, useStore } from "../../ui/room/context";
import type { Form } from "../../ui/room/form";
import { useKey } from "../../ui/room/keys";

import { pageDownKey, pageUpKey } from "./keys";
import { Pager } from "./Pager";
import { Seating } from "./seating";
import { SharedContent } from "./SharedContent";
import styles from "./Stage.module.css";
import { Tile } from "./Tile";
import { useChangeViewing, useViewing } from "./viewing";
import { nearest } from "./walk";

export function Stage({ form, isMini }: { form: Form; isMini: boolean }) {
  const t = useT();
  const people = usePeople();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const area = useArea(element);
  const arrangement = useArrangement(people, area, form, isMini);
  useStillness(element, area);
  const { pinned, corner } = useViewing();
  const change = useChangeViewing();
  const [stop, setStop] = useState<string>();
  const turn = (to: number): void => change({ page: to });
  const { pager, seats, contents } = arrangement;
  const page = pager?.page ?? 0;
  useKey(pageDownKey, () => pager && turn(Math.min(page + 1, pager.pages - 1)));
  useKey(pageUpKey, () => pager && turn(Math.max(page - 1, 0)));
  const swipe = useSwipe((by) => pager && turn(Math.max(0, Math.min(page + by, pager.pages - 1))));
  const places = new Map(seats.map((seat) => [seat.id, seat]));
  // In the order people came, whatever their seats: React then never moves a video in the page.
  const shown = people.filter(({ id }) => places.has(id));
  const names = useMemo(() => alike(people), [people]);
  const first = places.has(stop ?? "") ? stop : seats[0]?.id;
  return (
    <div
      ref={setElement}
      className={styles.stage}
      data-arrangement={arrangement.kind}
      data-corner={corner}
      data-mini={isMini || undefined}
      {...swipe}
    >
      {area.width > 0 && !isMini && (
        <>
          {contents.map(({ id, rect }) => {
            const sharer = people.find((person) => person.id === id);
            return sharer && <SharedContent key={id} person={sharer} rect={rect} />;
          })}
        </>
      )}
      <div
        role="grid"
        tabIndex={-1}
        aria-label={t("call.stage.people")}
        onKeyDown={(event) => {
          // Keys of an open menu come by here too: it is drawn elsewhere, and belongs to its tile.
          if (!(event.target instanceof Element && event.target.matches("[role=gridcell]"))) return;
          const to = nearest(seats, first, event.key);
          if (to === undefined) return;
          event.preventDefault();
          setStop(to);
          event.currentTarget.querySelector<HTMLElement>(`[data-id="${CSS.escape(to)}"]`)?.focus();
        }}
      >
        <div role="row" className={styles.row}>
          {shown.map((person) => {
            const seat = places.get(person.id);
            return (
              seat && (
                <Tile
                  key={person.id}
                  person={person}
                  {...seat.rect}
                  look={seat.look}
                  pinned={pinned.includes(person.id)}
                  alike={
                    names.likeHost.has(person.id)
                      ? "like_host"
                      : names.doubled.has(person.id)
                        ? "doubled"
                        : undefined
                  }
                  isStop={person.id === first}
                  onPhone={form !== "desktop"}
                  onFocus={setStop}
                />
              )
            );
          })}
        </div>
      </div>
      {pager && !isMini && <Pager {...pager} onTurn={turn} />}
    </div>
  );
}

function useArrangement(people: readonly Present[], area: Area, form: Form, isMini: boolean): Arrangement {
  const session = useSession();
  const own = useViewing();
  const { spotlight } = useMeeting();
  const viewing = useMemo(() => withSpotlight(own, spotlight), [own, spotlight]);
  const [seating] = useState(() => new Seating(session));
  const seats = useStore(seating.seats);
  const speaker = useStore(seating.lead);
  const sharers = useStore(seating.sharers);
  const [before, setBefore] = useState<Grid>();
  useEffect(() => () => seating.stop(), [seating]);
  const isPhone = form !== "desktop";
  const arrangement = useMemo(
    () => stageOf({ people, seats, viewing, area, isPhone, isMini, sharers, speaker, before }),
    [people, seats, viewing, area, isPhone, isMini, sharers, speaker, before],
  );
  const { grid } = arrangement;
  if (grid?.columns !== before?.columns || grid?.rows !== before?.rows) setBefore(grid);
  useEffect(
    () => seating.showing(arrangement, fixedOf(people, viewing)),
    [seating, arrangement, people, viewing],
  );
  return arrangement;
}

function useArea(element: HTMLDivElement | null): Area {
  const [area, setArea] = useState<Area>({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!element) return undefined;
    const measure = (): void => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      setArea((old) => (old.width === next.width && old.height === next.height ? old : next));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return area;
}

/** People who come and go make tiles glide; a window that changes takes them along at once, as it does their sizes. */
function useStillness(element: HTMLDivElement | null, area: Area): void {
  const before = useRef(area);
  useLayoutEffect(() => {
    element?.toggleAttribute("data-still", before.current !== area);
    before.current = area;
  });
}

const SWIPE_PX = 60;

function useSwipe(
  turn: (by: number) => void,
): Pick<React.DOMAttributes<HTMLDivElement>, "onTouchStart" | "onTouchEnd"> {
  const from = useRef<{ x: number; y: number }>(undefined);
  return {
    onTouchStart: ({ touches }) => {
      const touch = touches.item(0);
      from.current = touch && touches.length === 1 ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd: ({ changedTouches }) => {
      const touch = changedTouches.item(0);
      if (!from.current || !touch) return;
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
      if (Math.abs(x) >= SWIPE_PX && Math.abs(x) > 2 * Math.abs(y)) turn(x < 0 ? 1 : -1);
    },
  };
}
