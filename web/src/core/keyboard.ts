/**
 * True for keys that belong to an input method, not to us: Enter that picks a candidate must not send.
 * Safari fires `compositionend` before the key, so `isComposing` alone sends half a sentence.
 */
export function isImeKey(event: { isComposing: boolean; keyCode: number }): boolean {
  return event.isComposing || event.keyCode === 229;
}
