import { memo, type RefObject, useEffect, useMemo, useRef, useState } from "react";
import { Button } from "react-aria-components";

import type { Look } from "../../core/layout/arrange";
import type { Rect } from "../../core/layout/tiles";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { Fault } from "../../ui/Fault";
import { Avatar } from "../../ui/Avatar";
import { Bot, Ellipsis, LoaderCircle, Mic, MicOff, Pin, TriangleAlert } from "../../ui/icons";
import { MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useRoom, useSession } from "../../ui/room/context";

import { nextCorner, useDrag } from "./drag";
import { PersonMenu } from "./PersonMenu";
import { Picture } from "./Picture";
import styles from "./Tile.module.css";
import { useChangeViewing, useViewing } from "./viewing";

/** Its place as plain numbers: the same place again is nothing new. */
export interface TileProps extends Rect {
  person: Present;
  look: Look;
  pinned: boolean;
  /** Somebody else, or a host, has the same name. */
  alike: "doubled" | "like_host" | undefined;
  /** In the row of arrow keys, the one that Tab reaches. */
  isStop: boolean;
  onPhone: boolean;
  onFocus(id: string): void;
}

/**
 * Its place changes with every change of the window, all places at once; what it shows does not. So the place is here,
 * and all that costs something is in what is drawn again only when it has changed.
 */
export const Tile = memo(function Tile({
  person,
  look,
  pinned,
  alike,
  isStop,
  onPhone,
  onFocus,
  ...rect
}: TileProps) {
  const element = useRef<HTMLDivElement>(null);
  const [isMenuOpen, setMenuOpen] = useState(false);
  useLevel(person.id, element);
  const { corner } = useViewing();
  const change = useChangeViewing();
  const drag = useDrag((wanted) => change({ corner: wanted }));
  const isFloat = look === "float";
  return (
    <div
      ref={element}
      className={styles.tile}
      role="gridcell"
      tabIndex={isStop ? 0 : -1}
      aria-label={useSpoken(person, useShownName(person, onPhone), alike)}
      data-id={person.id}
      data-look={look}
      data-self={person.self || undefined}
      data-small={rect.height < 120 || undefined}
      style={{
        transform: `translate(${rect.x}px, ${rect.y}px)`,
        width: rect.width,
        height: rect.height,
      }}
      onFocus={() => onFocus(person.id)}
      {...(isFloat && drag)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || event.target !== event.currentTarget) return;
        event.preventDefault();
        if (isFloat) change({ corner: nextCorner(corner) });
        else setMenuOpen(true);
      }}
    >
      <Shown
        person={person}
        avatar={rect.height >= 170 ? 72 : rect.height >= 120 ? 56 : 40}
        pinned={pinned}
        alike={alike}
        onPhone={onPhone}
      />
      {!isFloat && <More person={person} isOpen={isMenuOpen} onOpen={setMenuOpen} />}
    </div>
  );
});

interface ShownProps extends Pick<TileProps, "alike"> {
  person: Present;
  avatar: 40 | 56 | 72;
  pinned: boolean;
  onPhone: boolean;
}

const Shown = memo(function Shown({ person, avatar, pinned, alike, onPhone }: ShownProps) {
  const t = useT();
  const { features } = useRoom();
  const name = useShownName(person, onPhone);
  return (
    <>
      <div className={styles.face}>
        <Face person={person} size={avatar} />
        <Picture person={person.id} source="camera" shown={person.camera} />
      </div>
      {features.map(
        ({ name: feature, TileOverlay }) =>
          TileOverlay && (
            <Fault key={feature}>
              <TileOverlay person={person} />
            </Fault>
          ),
      )}
      <div className={styles.plate} data-alike={alike} aria-hidden="true">
        {person.role !== "service" && (
          <>
            <span className={styles.bars}>
              <i />
              <i />
              <i />
            </span>
            <span className={styles.microphone}>
              {person.microphone === "live" ? (
                <Mic size={14} strokeWidth={2} />
              ) : (
                <MicOff size={14} strokeWidth={2} />
              )}
            </span>
          </>
        )}
        <bdi className={styles.name}>{name}</bdi>{" "}
        {person.role !== "member" && <span className={styles.chip}>{t(`call.role.${person.role}`)}</span>}{" "}
        {alike && (
          <span className={styles.chip} data-tone="warn">
            {t(`call.tile.${alike}`)}
          </span>
        )}{" "}
      </div>
      <div className={styles.top}>
        {features.map(
          ({ name: feature, TileMark }) =>
            TileMark && (
              <Fault key={feature}>
                <TileMark person={person} />
              </Fault>
            ),
        )}
        <span className={styles.space} />
        <LineState person={person} />
        {pinned && (
          <span className={styles.pill} role="img" aria-label={t("call.tile.pinned")}>
            <Pin size={14} strokeWidth={2} />
          </span>
        )}
      </div>
    </>
  );
});

interface MoreProps {
  person: Present;
  isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

const More = memo(function More({ person, isOpen, onOpen }: MoreProps) {
  const t = useT();
  return (
    <MenuTrigger isOpen={isOpen} onOpenChange={onOpen}>
      <Button
        className={styles.more ?? ""}
        aria-label={t("call.tile.more", { name: person.name })}
        excludeFromTabOrder
      >
        <Ellipsis size={16} />
      </Button>
      <Popover placement="top end">
        <PersonMenu person={person} />
      </Popover>
    </MenuTrigger>
  );
});

function Face({ person, size }: { person: Present; size: 40 | 56 | 72 }) {
  if (person.role === "service") {
    return (
      <span className={styles.service} data-size={size} aria-hidden="true">
        <Bot />
      </span>
    );
  }
  return <Avatar id={person.id} name={person.name} picture={person.picture} size={size} />;
}

/** N12 */
function LineState({ person }: { person: Present }) {
  const t = useT();
  const what = lineOf(person);
  if (!what) return null;
  const isBroken = what === person.connection;
  const Icon = isBroken ? LoaderCircle : TriangleAlert;
  return (
    // The tile's name says it: what is read twice is hidden once.
    <span className={styles.pill} data-tone={isBroken ? undefined : "warn"} aria-hidden="true">
      <Icon size={14} strokeWidth={2} aria-hidden="true" />
      <span>{t(`call.tile.${what}`)}</span>
    </span>
  );
}

function lineOf({ connection, paused, line }: Present) {
  if (connection !== "in") return connection;
  return paused ? "paused" : line === "weak" ? "weak" : undefined;
}

function useShownName(person: Present, onPhone: boolean): string {
  const t = useT();
  if (!person.self) return person.name;
  return onPhone ? t("call.tile.you") : t("call.tile.self", { name: person.name });
}

/** Begins with the name that is seen, and has all words that are. */
function useSpoken(person: Present, name: string, alike: TileProps["alike"]): string {
  const t = useT();
  return useMemo(() => {
    const line = lineOf(person);
    return t("call.tile.spoken", {
      name,
      role: person.role,
      sound: person.microphone === "live" ? "live" : "muted",
      camera: person.camera ? "on" : "off",
      alike: alike ?? "no",
      line: line ? "told" : "no",
      words: line ? t(`call.tile.${line}`) : "",
    });
  }, [t, name, person, alike]);
}

/** Loudness goes straight to the element, ten times a second at most, and never through React. */
function useLevel(person: string, element: RefObject<HTMLDivElement | null>): void {
  const { levels } = useSession().media;
  useEffect(
    () =>
      levels.listen(person, ({ speaking, loudness }) => {
        const tile = element.current;
        if (!tile) return;
        if (speaking) tile.dataset["speaking"] = "";
        else delete tile.dataset["speaking"];
        tile.style.setProperty("--level", loudness.toFixed(2));
      }),
    [levels, person, element],
  );
}
