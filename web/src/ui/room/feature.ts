/**
 * What a capability of a meeting brings to the room. A folder `features/<name>/` with a `room.tsx` that exports
 * `feature: RoomFeature` is found by itself (`src/room.tsx`): to add one touches that folder and nothing else.
 * Features never import each other; they meet in these slots. What throws in a slot costs that slot (`Fault`).
 *
 * `room.tsx` itself comes with the room; whatever is large (`Panel`, `Activity`, `Content`) is a `Chunk` that comes
 * when it is wanted. Where several features fill one slot, `order` says who is first, never the folder's name.
 */
import type { ComponentType, ReactNode } from "react";

import type { Chunk } from "../../core/chunk";
import type { LogFeature } from "../../core/meeting/log";
import type { Present } from "../../core/meeting/present";
import type { Session } from "../../core/meeting/session";
import type { Store } from "../../core/store";

export interface RoomFeature {
  /** Its folder. */
  name: string;
  /** Its part of the meeting log. */
  log?: LogFeature<never>;
  /** From before the first message of the channel until the departure. @returns what ends it */
  attend?: (session: Session) => () => void;
  bar?: readonly BarSlot[];
  /** Between the timer and the middle of the top bar: what everybody must see at any moment. */
  TopMark?: ComponentType;
  panel?: PanelSlot;
  /** In the panel Activities. */
  activities?: readonly ActivitySlot[];
  /** What may take the stage: the people then are in a strip beside it. */
  content?: ContentSlot;
  /** A mark on a tile, top left; renders nothing for most people. */
  TileMark?: ComponentType<{ person: Present }>;
  /** Something that passes over a tile, in its middle at the bottom. */
  TileOverlay?: ComponentType<{ person: Present }>;
  /** The right end of a row in the people panel. */
  RowMark?: ComponentType<{ person: Present }>;
  /** A section of the people panel above the hosts. */
  peopleSection?: Ordered<{ Rows: ComponentType<{ people: readonly Present[] }> }>;
  /** Items of the menu of a tile or a row. A hook: called for every person's open menu, always in the same order. */
  usePersonActions?: (person: Present) => readonly PersonAction[];
  /** Items of the menus of one's own devices. */
  deviceItems?: Partial<Record<"microphone" | "camera", ComponentType>>;
  /** An item of the host tools. */
  hostTool?: Ordered;
  /** A row of its own above the bar; the gravest has the lowest order. */
  banner?: Ordered;
  /** Rows of the settings. */
  settings?: Ordered;
  /** Shortcuts, sounds and words for the screen reader; draws nothing. */
  Attendant?: ComponentType;
}

/** One of several in a slot, lowest first. */
export interface Ordered<Props extends object = object> {
  order: number;
  Part: ComponentType<Props>;
}

export interface BarSlot {
  id: string;
  group: "say" | "see" | "host";
  /** Left to right inside its group. */
  order: number;
  Button: ComponentType;
  /** The same as items of the More menu; absent = never there. */
  More?: ComponentType;
  /** Where it is on a phone. */
  phone: "bar" | "more" | "nowhere";
  /** Below this window width, in CSS px, it moves into More; absent = never. */
  dropsBelow?: number;
}

export interface PanelSlot {
  id: string;
  order: number;
  /** Message id of its tab. */
  title: string;
  Panel: Chunk<ComponentType>;
  /** Without it the panel is always offered. */
  isOffered?: (features: readonly RoomFeature[]) => boolean;
}

export interface ActivitySlot {
  id: string;
  order: number;
  /** Message ids: what it is, and what one does with it. */
  title: string;
  hint: string;
  icon: ReactNode;
  Activity: Chunk<ComponentType>;
  /** A dot at Activities and at its row: something in it waits for this person. */
  newsOf?: (session: Session) => Store<boolean>;
}

export interface ContentSlot {
  id: string;
  Content: Chunk<ComponentType>;
}

export interface PersonAction {
  id: string;
  label: string;
  icon?: ReactNode;
  tone?: "normal" | "danger";
  run(): void;
}

/** What fills a slot, in its order. */
export function ordered<T extends { order: number }>(
  features: readonly RoomFeature[],
  slot: (feature: RoomFeature) => T | readonly T[] | undefined,
): readonly T[] {
  return features.flatMap((feature) => slot(feature) ?? []).sort((a, b) => a.order - b.order);
}
