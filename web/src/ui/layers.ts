/**
 * Law: Escape closes the topmost layer, wherever the focus is.
 *
 * A layer hears only the keys pressed inside it. But what has the focus may go away (a menu that closes above it) or be
 * disabled (a button that did its work), and its heir gets the focus a frame later or never: then keys reach no layer.
 */
import { isImeKey } from "../core/keyboard";

/** On the element of a layer that listens for Escape. */
export const layer = { "data-layer": "" };

/** @returns how to stop it. */
export function passEscapeOn(): () => void {
  addEventListener("keydown", passOn);
  return () => removeEventListener("keydown", passOn);
}

function passOn(press: KeyboardEvent): void {
  if (press.key !== "Escape" || press.target !== document.body || isImeKey(press)) return;
  const same = { key: press.key, code: press.code, bubbles: true, cancelable: true };
  topmost()?.dispatchEvent(new KeyboardEvent("keydown", same));
}

/** Layers are drawn at the end of the document in the order in which they open. */
function topmost(): Element | undefined {
  return [...document.querySelectorAll("[data-layer]:not([data-exiting])")].at(-1);
}
