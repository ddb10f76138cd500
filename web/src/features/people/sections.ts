/** The roster in its fixed order: hosts, members, guests, then whatever else can hear. Pure. */
import { type Alike, alike } from "../../core/meeting/alike";
import { isHosting } from "../../core/meeting/people";
import type { Present } from "../../core/meeting/present";

export interface Sections extends Alike {
  hosts: readonly Present[];
  members: readonly Present[];
  guests: readonly Present[];
  services: readonly Present[];
}

export function sections(people: readonly Present[], locale: string): Sections {
  const collator = new Intl.Collator(locale);
  const sorted = [...people].sort(
    (a, b) => Number(b.self) - Number(a.self) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
  const hosts = sorted.filter(({ role }) => isHosting(role));
  const others = sorted.filter(({ role }) => !isHosting(role) && role !== "service");
  return {
    hosts,
    members: others.filter(({ role }) => role === "member"),
    guests: others.filter(({ role }) => role === "guest"),
    services: sorted.filter(({ role }) => role === "service"),
    ...alike(people),
  };
}
