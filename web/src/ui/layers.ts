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
  addEventListener("keydown", passOn, true);
  return () => removeEventListener("keydown", passOn, true);
}

function passOn(press: KeyboardEvent): void {
  if (press.key !== "Escape" || !isHeardByNobody(press.target) || isImeKey(press)) return;
  const heir = topmost();
  if (!heir) return;
  press.stopImmediatePropagation();
  heir.dispatchEvent(
    new KeyboardEvent("keydown", { key: "Escape", code: "Escape", bubbles: true, cancelable: true }),
  );
}

/** Nor is there anybody in a layer that is on its way out. */
function isHeardByNobody(target: EventTarget | null): boolean {
  return (
    target === document.body ||
    (target instanceof Element && target.closest("[data-layer][data-exiting]") !== null)
  );
}

/** Layers are drawn at the end of the document in the order in which they open. */
function topmost(): Element | undefined {
  return [...document.querySelectorAll("[data-layer]:not([data-exiting])")].at(-1);
}
