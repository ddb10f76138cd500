/** What the contract promises and the server has no routes for yet. Each goes to `calendar.ts` when it is generated. */
import type { HeldShown } from "./calendar";

type Who = "link" | "signed_in" | "invited";

export interface RollShown {
  name: string;
  account: boolean;
  came_at: string;
  left_at: string | null;
  minutes: number;
}

export interface KeptShown extends HeldShown {
  chat: { at: string; name: string; text: string }[];
  polls: number;
  kept_until: string | null;
  roll: RollShown[] | null;
}

export interface AttendanceShown {
  people: RollShown[];
  checks: { at: string; present: string[] }[];
}

export interface FeedShown {
  address: string;
}

export interface TemplateShown {
  id: string;
  name: string;
  title: string;
  minutes: number;
  preset: string;
  waiting_room: "off" | "guests" | "everyone" | null;
  who: Who;
  early_minutes: number;
  capacity: number | null;
  attendance: boolean;
}

export interface RingAnswer {
  open: boolean;
  mailed: boolean;
  quiet: boolean;
}

export interface RingsShown {
  rings: { id: string; meeting: string; number: string; title: string; by: string; at: string }[];
}

export interface QuietShown {
  from: string | null;
  to: string | null;
  mail: boolean;
}

export const soon = {
  KeptShown: { meeting: "string", began_at: "string" },
  AttendanceShown: { people: [{ name: "string" }] },
  FeedShown: { address: "string" },
  TemplateShown: { id: "string", name: "string" },
  RingAnswer: { open: "boolean", mailed: "boolean", quiet: "boolean" },
  RingsShown: { rings: [{ id: "string", number: "string" }] },
  QuietShown: { from: ["string", null], to: ["string", null], mail: "boolean" },
} as const;
