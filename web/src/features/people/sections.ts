/** The roster in its fixed order: hosts, guests, then whatever else can hear. Pure. */
import type { Present } from "../../core/meeting/present";

export interface Sections {
  hosts: readonly Present[];
  guests: readonly Present[];
  services: readonly Present[];
  /** Guests whose name somebody else has too. */
  doubled: ReadonlySet<string>;
}

export function sections(people: readonly Present[], locale: string): Sections {
  const collator = new Intl.Collator(locale);
  const sorted = [...people].sort(
    (a, b) => Number(b.self) - Number(a.self) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
  const count = new Map<string, number>();
  for (const { name } of people) count.set(folded(name), (count.get(folded(name)) ?? 0) + 1);
  const guests = sorted.filter(({ role }) => role === "guest");
  return {
    hosts: sorted.filter(({ role }) => role === "host"),
    guests,
    services: sorted.filter(({ role }) => role === "service"),
    doubled: new Set(guests.filter(({ name }) => (count.get(folded(name)) ?? 0) > 1).map(({ id }) => id)),
  };
}

function folded(name: string): string {
  return name.normalize("NFKC").toLocaleLowerCase().trim();
}
