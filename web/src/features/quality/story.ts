/**
 * What the lines did in this meeting, from what the page is told anyway: who was weak how long, and how often one was cut off.
 * Pure, bounded, and of this device alone: nothing of it is sent, and with the page it is gone.
 */
export interface Story {
  /** Since when the line of each is weak. */
  weakSince: Readonly<Record<string, number>>;
  weakMs: Readonly<Record<string, number>>;
  /** One's own line was gone. */
  outages: readonly { at: number; ms: number }[];
  goneSince?: number;
}

export const untold: Story = { weakSince: {}, weakMs: {}, outages: [] };
const MOST_OUTAGES = 20;

export interface Now {
  /** Whose line is weak. */
  weak: readonly string[];
  isGone: boolean;
}

export function told(before: Story, { weak, isGone }: Now, at: number): Story {
  const ended = Object.entries(before.weakSince).filter(([id]) => !weak.includes(id));
  const weakMs = { ...before.weakMs };
  for (const [id, since] of ended) weakMs[id] = (weakMs[id] ?? 0) + at - since;
  const weakSince = Object.fromEntries(weak.map((id) => [id, before.weakSince[id] ?? at]));
  const story: Story = { weakSince, weakMs, outages: before.outages };
  const { goneSince } = before;
  if (isGone) return { ...story, goneSince: goneSince ?? at };
  if (goneSince === undefined) return story;
  const outages = [...before.outages, { at: goneSince, ms: at - goneSince }].slice(-MOST_OUTAGES);
  return { ...story, outages };
}

/** So long was the line of each weak, the longest first; who was so for less than some seconds is not named. */
export function weakest(story: Story, at: number): { id: string; ms: number }[] {
  const ids = new Set([...Object.keys(story.weakMs), ...Object.keys(story.weakSince)]);
  return [...ids]
    .map((id) => ({
      id,
      ms: (story.weakMs[id] ?? 0) + (id in story.weakSince ? at - (story.weakSince[id] ?? at) : 0),
    }))
    .filter(({ ms }) => ms >= LEAST_MS)
    .toSorted((one, other) => other.ms - one.ms);
}

const LEAST_MS = 3000;
