/** A field of several parts, typed or pasted as people write it: "9:00", "1/5/2026". */

/** What stands between two parts. */
const BETWEEN = /^[:：.。/\-年月日时時点h ]$/iu;
const CLOCK = /^\s*(\d{1,2})\s*[:.h时時点]\s*(\d{2})分?\s*(?:([ap])\.?m\.?)?\s*$/iu;

/** `09:00` of "9:00", "９：００" or "9.00 pm"; nothing of what is no time of day. */
export function clockOf(text: string): string | undefined {
  const [, hour = "", minute = "", half] = CLOCK.exec(text.normalize("NFKC")) ?? [];
  const hours = half ? (Number(hour) % 12) + (half.toLowerCase() === "p" ? 12 : 0) : Number(hour);
  const isTime = hour !== "" && hours < 24 && Number(minute) < 60 && !(half && Number(hour) > 12);
  return isTime ? `${String(hours).padStart(2, "0")}:${minute}` : undefined;
}

/**
 * Whoever types "1:00" means one o'clock: what stands between two parts ends the first. A part that is full has gone
 * on by itself, and then it means nothing. @returns what ends it
 */
export function endsParts(field: HTMLElement): () => void {
  let typedIn: Element | null = null;
  const onInput = ({ data }: InputEvent): void => {
    const part = document.activeElement;
    if (data === null || !BETWEEN.test(data)) typedIn = part;
    else if (part === typedIn) after(field, part)?.focus();
  };
  field.addEventListener("beforeinput", onInput, { capture: true });
  return () => field.removeEventListener("beforeinput", onInput, { capture: true });
}

function after(field: HTMLElement, part: Element | null): HTMLElement | undefined {
  const parts = [...field.querySelectorAll<HTMLElement>("[role=spinbutton]")];
  return parts[parts.findIndex((each) => each === part) + 1];
}
