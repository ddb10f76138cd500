/** The roster in its fixed order: hosts, members, guests, then whatever else can hear. Pure. */
import { isHosting } from "../../core/meeting/people";
import type { Present } from "../../core/meeting/present";

export interface Sections {
  hosts: readonly Present[];
  members: readonly Present[];
  guests: readonly Present[];
  services: readonly Present[];
  /** Whose name somebody else has too, short of hosts. */
  doubled: ReadonlySet<string>;
  /** Among them, whose name a host has. */
  likeHost: ReadonlySet<string>;
}

export function sections(people: readonly Present[], locale: string): Sections {
  const collator = new Intl.Collator(locale);
  const sorted = [...people].sort(
    (a, b) => Number(b.self) - Number(a.self) || collator.compare(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
  const count = new Map<string, number>();
  for (const { name } of people) count.set(folded(name), (count.get(folded(name)) ?? 0) + 1);
  const hosts = sorted.filter(({ role }) => isHosting(role));
  const hostNames = new Set(hosts.map(({ name }) => folded(name)));
  const others = sorted.filter(({ role }) => !isHosting(role) && role !== "service");
  return {
    hosts,
    members: others.filter(({ role }) => role === "member"),
    guests: others.filter(({ role }) => role === "guest"),
    services: sorted.filter(({ role }) => role === "service"),
    doubled: new Set(others.filter(({ name }) => (count.get(folded(name)) ?? 0) > 1).map(({ id }) => id)),
    likeHost: new Set(others.filter(({ name }) => hostNames.has(folded(name))).map(({ id }) => id)),
  };
}

function folded(name: string): string {
  return name.normalize("NFKC").toLocaleLowerCase().trim();
}
