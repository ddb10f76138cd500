/** An organisation's colour, as numbers on an element: the policy of this page lets no style in that came as text. */
import type { ShadesShown } from "../core/api/branding-client";

import "./branded.css";

const HEX = /^#[0-9a-f]{6}$/;
const LIGHTS = ["light", "dark"] as const;
const PARTS = ["accent", "hover", "on", "soft"] as const;

/** @param shades null: Folkmoot's own. @returns what takes it off again */
export function paint(element: HTMLElement, shades: ShadesShown | null): () => void {
  const colours = LIGHTS.flatMap((light) =>
    PARTS.map((part) => [`--${light}-${part}`, shades?.[light][part] ?? ""] as const),
  );
  for (const [name, colour] of colours)
    if (HEX.test(colour)) element.style.setProperty(name, colour);
    else element.style.removeProperty(name);
  element.toggleAttribute("data-branded", shades !== null);
  return () => {
    for (const [name] of colours) element.style.removeProperty(name);
    element.removeAttribute("data-branded");
  };
}
