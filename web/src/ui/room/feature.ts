/**
 * What a capability of a meeting brings to the room. A folder `features/<name>/` with a `room.tsx` that exports
 * `feature: RoomFeature` is found by itself (`src/room.tsx`): to add one touches that folder and nothing else.
 * Features never import each other; they meet in these slots.
 */
import type { ComponentType, ReactNode } from "react";

import type { LogFeature } from "../../core/meeting/log";
import type { Present } from "../../core/meeting/present";

export interface RoomFeature {
  /** Its folder. */
  name: string;
  /** Its part of the meeting log. */
  log?: LogFeature<never>;
  bar?: readonly BarSlot[];
  panel?: PanelSlot;
  /** A mark on a tile, top left; renders nothing for most people. */
  TileMark?: ComponentType<{ person: Present }>;
  /** Something that passes over a tile, in its middle at the bottom. */
  TileOverlay?: ComponentType<{ person: Present }>;
  /** The right end of a row in the people panel. */
  RowMark?: ComponentType<{ person: Present }>;
  /** A section of the people panel above the hosts. */
  PeopleSection?: ComponentType<{ Rows: ComponentType<{ people: readonly Present[] }> }>;
  /** Items of the menu of a tile or a row. A hook: called for every person's open menu, always in the same order. */
  usePersonActions?: (person: Present) => readonly PersonAction[];
  /** An item of the host tools. */
  HostTool?: ComponentType;
  /** A row of its own above the bar. */
  Banner?: ComponentType;
  /** Shortcuts, sounds and words for the screen reader; draws nothing. */
  Attendant?: ComponentType;
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
  Panel: ComponentType;
}

export interface PersonAction {
  id: string;
  label: string;
  icon?: ReactNode;
  tone?: "normal" | "danger";
  run(): void;
}
