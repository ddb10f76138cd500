import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";

import { type Arrangement, arrange } from "../../core/layout/arrange";
import { desktopPage, phonePage } from "../../core/layout/page";
import { seatOrder } from "../../core/layout/seats";
import { type Area, desktop, type Grid, phone } from "../../core/layout/tiles";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { useChangeLook, useLook, useMeeting, usePeople, useRoom, useStore } from "../../ui/room/context";
import type { Form } from "../../ui/room/form";
import { useKey } from "../../ui/room/keys";

import { Pager } from "./Pager";
import { Seating } from "./seating";
import { SharedContent } from "./SharedContent";
import styles from "./Stage.module.css";
import { Tile } from "./Tile";
import { nearest } from "./walk";

const pageDown = [{ with: "plain", key: "PageDown" }] as const;
const pageUp = [{ with: "plain", key: "PageUp" }] as const;

export function Stage({ form, isMini }: { form: Form; isMini: boolean }) {
  const t = useT();
  const people = usePeople();
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const area = useArea(element);
  const arrangement = useArrangement(people, area, form, isMini);
  useStillness(element, area);
  const { pinned, corner } = useLook();
  const change = useChangeLook();
  const [stop, setStop] = useState<string>();
  const turn = (to: number): void => change({ page: to });
  const { pager, seats, contents } = arrangement;
  const page = pager?.page ?? 0;
  useKey({
    id: "page-down",
    label: t("call.keys.next_page"),
    bindings: pageDown,
    where: "stage",
    run: () => pager && turn(Math.min(page + 1, pager.pages - 1)),
  });
  useKey({
    id: "page-up",
    label: t("call.keys.previous_page"),
    bindings: pageUp,
    where: "stage",
    run: () => pager && turn(Math.max(page - 1, 0)),
  });
  const swipe = useSwipe((by) => pager && turn(Math.max(0, Math.min(page + by, pager.pages - 1))));
  const places = new Map(seats.map((seat) => [seat.id, seat]));
  // In the order people came, whatever their seats: React then never moves a video in the page.
  const shown = people.filter(({ id }) => places.has(id));
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
  const { session } = useRoom();
  const { view, pinned: own, hideSelf, hideFaceless, corner, page, pageSize } = useLook();
  const { spotlight } = useMeeting();
  const [seating] = useState(() => new Seating(session));
  const seats = useStore(seating.seats);
  const speaker = useStore(seating.lead);
  const [before, setBefore] = useState<Grid>();
  useEffect(() => () => seating.stop(), [seating]);
  // What I have pinned is mine to see first; then who has the spotlight, for all and in its order.
  const pinned = useMemo(() => [...new Set([...own, ...spotlight])], [own, spotlight]);
  const lead = pinned[0] ?? speaker;
  const drawn = useMemo(() => {
    const me = people.find(({ self }) => self);
    const isPhone = form !== "desktop";
    const self = hideSelf && people.length > 1 ? undefined : me?.id;
    const rule = isPhone ? phonePage : desktopPage(pageSize);
    const seated = seatOrder(seats, pinned, self, rule.most);
    const order = hideFaceless ? withFaces(seated, people, pinned) : seated;
    const kept = { order, fixed: self === undefined ? pinned : [...pinned, self] };
    if (isMini) return { ...kept, arrangement: mini(order, lead, self) };
    const shares = people.filter(({ screen, self: mine }) => screen && !mine).map(({ id }) => id);
    const arranged = arrange({
      area,
      shape: isPhone ? phone : desktop,
      isPhone,
      view,
      shares,
      order,
      self,
      lead,
      corner,
      page,
      rule,
      before,
    });
    return { ...kept, arrangement: arranged };
  }, [
    people,
    area,
    form,
    isMini,
    seats,
    pinned,
    hideSelf,
    hideFaceless,
    pageSize,
    lead,
    corner,
    page,
    view,
    before,
  ]);
  const { arrangement, order, fixed } = drawn;
  const { grid } = arrangement;
  if (grid?.columns !== before?.columns || grid?.rows !== before?.rows) setBefore(grid);
  useEffect(() => {
    seating.showing({ order, onPage: arrangement.onPage }, fixed);
  }, [arrangement, seating, order, fixed]);
  return arrangement;
}

/** Whatever can hear and is no person stays; so does everybody, when nobody has a picture. */
function withFaces(
  order: readonly string[],
  people: readonly Present[],
  pinned: readonly string[],
): readonly string[] {
  const shown = new Set(
    people.flatMap(({ id, camera, role, self }) => (camera || self || role === "service" ? id : [])),
  );
  const kept = order.filter((id) => shown.has(id) || pinned.includes(id));
  const isAnybodyElse = kept.some((id) => !people.some((person) => person.self && person.id === id));
  return isAnybodyElse ? kept : order;
}

/** Above a sheet on a phone: whoever speaks, 142×80. */
function mini(order: readonly string[], lead: string | undefined, self: string | undefined): Arrangement {
  const id =
    lead !== undefined && order.includes(lead) ? lead : (order.find((other) => other !== self) ?? self);
  const rect = { x: 0, y: 0, width: 142, height: 80 };
  return {
    kind: "speaker",
    seats: id === undefined ? [] : [{ id, rect, look: "grid" }],
    contents: [],
    pager: undefined,
    grid: undefined,
    onPage: Number.POSITIVE_INFINITY,
  };
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
