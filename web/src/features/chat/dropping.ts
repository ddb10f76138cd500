/**
 * Files that are held over the page and let go of. Whoever lets go beside the chat must not lose the meeting: a browser
 * would open the file in its place.
 */
export interface Dropping {
  /** Files are held over the page, or no more. */
  over(isOver: boolean): void;
  dropped(files: readonly File[]): void;
}

/** @returns what ends it */
export function watchDrops(page: EventTarget, { over, dropped }: Dropping): () => void {
  const ending = new AbortController();
  const on = (type: string, run: (event: DragEvent) => void): void =>
    page.addEventListener(type, run as EventListener, { signal: ending.signal });
  const hasFiles = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes("Files") ?? false;
  on("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(true);
  });
  on("dragleave", (event) => {
    // Out of the window, not from one element to the next.
    if (event.relatedTarget === null) over(false);
  });
  on("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    dropped([...(event.dataTransfer?.files ?? [])]);
  });
  return () => ending.abort();
}
