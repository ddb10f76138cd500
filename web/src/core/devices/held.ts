/** A device that is open, and what was made of it before anybody sees or hears it. */

/**
 * What is sent and shown in place of what the device gives, made on this device: a blurred background, say. When the
 * device ends, so does what was made of it.
 */
export type Processor = (raws: readonly MediaStreamTrack[]) => Promise<Made>;

export interface Made {
  tracks: readonly MediaStreamTrack[];
  /** Called once, when it is not wanted any more. */
  stop(): void;
}

export interface Held extends Made {
  /** As the browser gives them. */
  raws: readonly MediaStreamTrack[];
}

export function asItIs(raws: readonly MediaStreamTrack[]): Held {
  return { raws, tracks: raws, stop: () => undefined };
}
