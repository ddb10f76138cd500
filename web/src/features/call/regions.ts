/** The regions of the page, in the order of F6, and the first thing in each that can have the focus. */
function regions(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("[data-region]")];
}

export function focusRegion(name: string): void {
  const region = regions().find(({ dataset }) => dataset["region"] === name);
  firstStop(region)?.focus();
}

export function focusNextRegion(by: 1 | -1): void {
  const all = regions();
  const found = all.findIndex((region) => region.contains(document.activeElement));
  const now = found < 0 && by < 0 ? 0 : found;
  for (let step = 1; step <= all.length; step += 1) {
    const stop = firstStop(all[(now + by * step + all.length) % all.length]);
    if (stop) {
      stop.focus();
      return;
    }
  }
}

function firstStop(region: HTMLElement | undefined): HTMLElement | null {
  return (
    region?.querySelector<HTMLElement>(
      "button:not([disabled]):not([tabindex='-1']), [tabindex='0'], textarea, input",
    ) ?? null
  );
}
