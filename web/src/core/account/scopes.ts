/** What a program may do, as one chooses it: of each area nothing, reading, or changing too. Pure. */
export const areas = ["account", "meetings", "organisations", "webhooks", "operator"] as const;
export type Area = (typeof areas)[number];
export const extents = ["none", "read", "write"] as const;
export type Extent = (typeof extents)[number];
export type Extents = Readonly<Partial<Record<Area, Extent>>>;

/** In the server's words: who may change something may read it. */
export function scopesOf(chosen: Extents): string[] {
  return areas.flatMap((area) => {
    const extent = chosen[area] ?? "none";
    if (extent === "none") return [];
    return extent === "read" ? [`${area}:read`] : [`${area}:read`, `${area}:write`];
  });
}

/** The other way, of a key that is there: what isn't known here is left out. */
export function extentsOf(scopes: readonly string[]): { area: Area; extent: Extent }[] {
  const of = (area: Area): Extent =>
    extents.findLast((extent) => scopes.includes(`${area}:${extent}`)) ?? "none";
  return areas.map((area) => ({ area, extent: of(area) })).filter(({ extent }) => extent !== "none");
}
