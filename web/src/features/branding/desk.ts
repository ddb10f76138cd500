/** What the page of branding works with, handed in by the route. */
import { createContext, useContext } from "react";

import type {
  BrandingApi,
  BrandingSaid,
  ColourJudged,
  Light,
  ShadesShown,
} from "../../core/api/branding-client";

export interface BrandingDesk {
  api: BrandingApi;
  org: string;
  /** As the organisation is called where nothing else is said. */
  called: string;
  owns: boolean;
  go(path: string): void;
}

const Held = createContext<BrandingDesk | null>(null);
export const BrandingDeskProvider = Held;

export function useBranding(): BrandingDesk {
  const desk = useContext(Held);
  if (!desk) throw new Error("no desk");
  return desk;
}

/** What each section gets: what the server has, what is being typed, and what to do when it was changed. */
export interface SectionProps {
  said: BrandingSaid;
  draft: Draft;
  onDraft(part: Partial<Draft>): void;
  onChanged(said: BrandingSaid): void;
}

/** As it is typed: what the preview shows. */
export interface Draft extends Pick<BrandingSaid, "name" | "line"> {
  colours: Readonly<Record<Light, string>>;
  /** What the server thinks of a colour, as it was typed. */
  judged: Readonly<Partial<Record<Light, { of: string; found: ColourJudged }>>>;
}

export function draftOf(said: BrandingSaid): Draft {
  return { name: said.name, line: said.line, colours: coloursOf(said), judged: {} };
}

export function coloursOf({ accent, accent_dark: dark }: BrandingSaid): Draft["colours"] {
  return { light: accent, dark };
}

/** Of what is typed; null while it is asked, and of what is no colour. */
export function judgedOf({ colours, judged }: Draft, light: Light): ColourJudged | null {
  const known = judged[light];
  return known?.of === colours[light] ? known.found : null;
}

/** What would be drawn: of what is typed as far as it is judged, else as it is. */
export function shadesOf(said: BrandingSaid, draft: Draft): ShadesShown | null {
  const { light, dark } = draft.colours;
  if (!light) return null;
  const known = coloursOf(said);
  const of = (one: Light) =>
    draft.colours[one] === known[one] ? said.shades : (judgedOf(draft, one)?.shades ?? said.shades);
  const lights = of("light");
  const darks = dark ? of("dark") : lights;
  return lights && darks && { light: lights.light, dark: darks.dark };
}
