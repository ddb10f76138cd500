/**
 * Where the sound comes out when devices come and go. Pure: what was there and what is there now go in, what is chosen comes
 * out.
 *
 * A headset that is plugged in was plugged in to be used. A speaker that is pulled gives way to the system's own, or nothing
 * would be heard; when it is back it is taken again.
 */
export interface Seen {
  readonly deviceId: string;
  readonly groupId: string;
  readonly kind: MediaDeviceKind;
  readonly label: string;
}

export interface Speaker {
  /** null or "": the system's own. */
  readonly chosen: string | null;
  /** What was chosen and is gone. */
  readonly missed: string | null;
}

export type Told =
  { what: "lost"; old: string } | { what: "headset"; name: string } | { what: "back"; name: string } | null;

/** These stand for another of the list. */
const STANDS_FOR = new Set(["", "default", "communications"]);

export function follow(speaker: Speaker, before: readonly Seen[], now: readonly Seen[]): [Speaker, Told] {
  // What had no names before is not new: a permission was given.
  if (before.some(({ deviceId }) => deviceId === "")) return [speaker, null];
  const [had, has] = [outputs(before), outputs(now)];
  const added = has.filter(({ deviceId }) => !had.some((each) => each.deviceId === deviceId));
  const missed = added.find(({ deviceId }) => deviceId === speaker.missed);
  if (missed)
    return [
      { chosen: missed.deviceId, missed: null },
      { what: "back", name: missed.label },
    ];
  // A browser may tell of its two halves one after the other.
  const headset = has.find(({ groupId }) => isWhole(groupId, now) && !isWhole(groupId, before));
  if (headset)
    return [
      { chosen: headset.deviceId, missed: null },
      { what: "headset", name: headset.label },
    ];
  const gone = had.find(({ deviceId }) => deviceId === speaker.chosen);
  if (!gone || has.some(({ deviceId }) => deviceId === gone.deviceId)) return [speaker, null];
  return [
    { chosen: "", missed: gone.deviceId },
    { what: "lost", old: gone.label },
  ];
}

function outputs(all: readonly Seen[]): Seen[] {
  return all.filter(({ kind, deviceId }) => kind === "audiooutput" && !STANDS_FOR.has(deviceId));
}

/** Speaks and hears. */
function isWhole(group: string, all: readonly Seen[]): boolean {
  const real = all.filter(({ groupId, deviceId }) => groupId === group && !STANDS_FOR.has(deviceId));
  return (["audioinput", "audiooutput"] as const).every((half) => real.some(({ kind }) => kind === half));
}
