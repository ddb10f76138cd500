/**
 * One device of one's own (microphone, camera, shared screen) as a machine that converges: what its owner wants, what is
 * so, and what is under way, each by itself. Pure: `step(device, input)` gives the next state and what is to be done.
 *
 * - What is wanted is read anew after everything that was waited for: an answer to yesterday's wish opens nothing.
 * - The browser's prompt may stand for minutes. It holds nothing up, and there is one at a time.
 * - Nothing passes that is not wanted, from the moment it is not wanted, nor while it is held back; `passes` is the only
 *   word on that.
 * - A device that is not wanted is closed, unless its owner keeps it open to be warned (`stays`).
 */
export interface Device {
  readonly wanted: boolean;
  /** A muted one stays open on this device, and nothing of it is sent. */
  readonly stays: boolean;
  /** Nothing of it may be sent yet, whatever is wanted: a consent or keys are missing. */
  readonly held: boolean;
  /** The meeting lets nothing of it be sent: the server has taken it off the connection, and takes nothing new. */
  readonly barred: boolean;
  /** The id that its owner chose; null is the system's choice. */
  readonly chosen: string | null;
  /** One that is lost is looked for again; what is shared is over when it is over. */
  readonly revives: boolean;
  readonly open: Open | undefined;
  /** The browser has been asked, for that device. */
  readonly asking: { readonly chosen: string | null } | undefined;
  /** What was lost while it was wanted, until something else is found. */
  readonly lost: string | undefined;
  /** The connection that is up, by its number; 0 = none. */
  readonly line: number;
  /** What was last put on which connection, and what is being put on one. */
  readonly sent: Sending | undefined;
  readonly sending: Sending | undefined;
  /** The last try to send failed; another one waits for its turn. */
  readonly isWaiting: boolean;
  readonly isOver: boolean;
}

export interface Open {
  readonly id: number;
  readonly chosen: string | null;
  readonly label: string;
  readonly since: number;
}

export interface Sending {
  readonly line: number;
  readonly device: number;
}

export type Input =
  | { type: "want"; on: boolean }
  | { type: "stay"; on: boolean }
  | { type: "hold"; on: boolean }
  | { type: "bar"; on: boolean }
  | { type: "choose"; id: string }
  /** What is made of it on this device has changed: it is opened anew. */
  | { type: "renew" }
  /** Opened elsewhere, and ours from now on. */
  | { type: "adopted"; id: number; label: string; now: number; wanted: boolean }
  /** The browser's answer to what was asked. */
  | { type: "opened"; id: number; label: string; now: number }
  | { type: "refused"; error: unknown }
  /** A pulled plug, another program, the browser's own "Stop sharing". */
  | { type: "ended"; id: number; now: number }
  /** Its track was muted on the connection; by a host, unless we did it. */
  | { type: "silenced" }
  | { type: "line"; line: number }
  | { type: "sent"; what: Sending; ok: boolean }
  | { type: "again" }
  /** The page is looked at again: a phone may have held the device back meanwhile. */
  | { type: "woke" }
  | { type: "over" };

export type Effect =
  | { type: "ask"; chosen: string | null }
  | { type: "close"; id: number }
  | { type: "send"; what: Sending }
  /** `again` after a while. */
  | { type: "wait" }
  | { type: "refused"; error: unknown; lost: string | undefined }
  /** Lost, and replaced by another; without `instead` it is gone. */
  | { type: "lost"; label: string; instead: string | undefined };

/** How it stands with what its owner wants; anything but `off` and `on` is shown in words when it lasts. */
export type Standing = "off" | "asking" | "offline" | "starting" | "on";

/** One that is lost so soon after it was opened is not opened a third time. */
const LASTS_MS = 2000;

export function closedDevice(chosen: string | null, revives = true): Device {
  return {
    wanted: false,
    stays: false,
    held: false,
    barred: false,
    chosen,
    revives,
    open: undefined,
    asking: undefined,
    lost: undefined,
    line: 0,
    sent: undefined,
    sending: undefined,
    isWaiting: false,
    isOver: false,
  };
}

/** Whether anything of it may leave this device. */
export function passes({ wanted, held, open, isOver }: Device): boolean {
  return wanted && !held && open !== undefined && !isOver;
}

export function standingOf(device: Device): Standing {
  const { wanted, held, open, line, sent } = device;
  if (!wanted) return "off";
  if (!open) return "asking";
  if (line === 0) return "offline";
  return !held && isSame(sent, { line, device: open.id }) ? "on" : "starting";
}

export function step(device: Device, input: Input): [Device, Effect[]] {
  const [taken, told] = take(device, input);
  const [settled, done] = settle(taken);
  return [settled, [...told, ...done]];
}

type Step = [Device, Effect[]];

function take(device: Device, input: Input): Step {
  if (device.isOver && input.type !== "opened") return [device, []];
  switch (input.type) {
    case "want":
      return [{ ...device, wanted: input.on, lost: undefined }, []];
    case "stay":
      return [{ ...device, stays: input.on }, []];
    case "hold":
      return [{ ...device, held: input.on }, []];
    case "bar":
      return [bar(device, input.on), []];
    case "choose":
      return [{ ...device, chosen: input.id }, []];
    case "renew": {
      const { open } = device;
      return open ? [{ ...device, open: undefined }, [{ type: "close", id: open.id }]] : [device, []];
    }
    case "adopted": {
      const { id, label, now, wanted } = input;
      return [{ ...device, wanted, open: { id, label, since: now, chosen: device.chosen } }, []];
    }
    case "opened":
      return opened(device, input);
    case "refused":
      return refused(device, input.error);
    case "ended":
      return ended(device, input);
    case "silenced":
      return [passes(device) ? { ...device, wanted: false } : device, []];
    case "line":
      return [{ ...device, line: input.line, sending: undefined, isWaiting: false }, []];
    case "sent":
      return carried(device, input);
    case "again":
      return [{ ...device, isWaiting: false }, []];
    case "woke":
      return [device, []];
    case "over":
      return [{ ...device, wanted: false, stays: false, isOver: true }, []];
  }
}

/** What was sent before is no longer there: once it may, it is sent again; off, until its owner turns it on. */
function bar(device: Device, on: boolean): Device {
  if (on === device.barred) return device;
  return { ...device, barred: on, wanted: device.wanted && !on, sent: undefined, isWaiting: false };
}

function opened(device: Device, { id, label, now }: Extract<Input, { type: "opened" }>): Step {
  const { asking, lost } = device;
  const open: Open = { id, label, chosen: asking ? asking.chosen : device.chosen, since: now };
  const told: Effect[] =
    lost === undefined || lost === label || !device.wanted
      ? []
      : [{ type: "lost", label: lost, instead: label }];
  return [{ ...device, asking: undefined, open, lost: undefined }, told];
}

/** A refusal of what is no longer wanted is nobody's business. */
function refused(device: Device, error: unknown): Step {
  const { wanted, lost, asking, chosen } = device;
  const next = { ...device, asking: undefined };
  // Another was chosen while the browser was asking: that one is asked for.
  if (!wanted || asking?.chosen !== chosen) return [next, []];
  return [{ ...next, wanted: false, lost: undefined }, [{ type: "refused", error, lost }]];
}

function ended(device: Device, { id, now }: Extract<Input, { type: "ended" }>): Step {
  const { open, wanted, revives } = device;
  if (open?.id !== id) return [device, []];
  const closed = { ...device, open: undefined };
  const close: Effect = { type: "close", id };
  if (!wanted) return [closed, [close]];
  if (!revives) return [{ ...closed, wanted: false }, [close]];
  if (now - open.since >= LASTS_MS) return [{ ...closed, lost: open.label }, [close]];
  const gone: Effect = { type: "lost", label: open.label, instead: undefined };
  return [{ ...closed, wanted: false, lost: undefined }, [close, gone]];
}

function carried(device: Device, { what, ok }: Extract<Input, { type: "sent" }>): Step {
  if (!isSame(device.sending, what)) return [device, []];
  if (ok) return [{ ...device, sending: undefined, sent: what }, []];
  return [{ ...device, sending: undefined, isWaiting: true }, [{ type: "wait" }]];
}

/** What stands in the way of what is wanted, put right; at most one thing of a kind. */
function settle(device: Device): Step {
  const effects: Effect[] = [];
  let next = device;
  const keeps = !next.isOver && (next.wanted || next.stays);
  // The old one is closed first: some browsers end it anyway when another is opened.
  const isAnother = next.open !== undefined && next.open.chosen !== next.chosen;
  if (next.open && (!keeps || isAnother)) {
    effects.push({ type: "close", id: next.open.id });
    next = { ...next, open: undefined };
  }
  const mustOpen = !next.isOver && (next.wanted || (next.stays && isAnother));
  if (mustOpen && !next.open && !next.asking) {
    effects.push({ type: "ask", chosen: next.chosen });
    next = { ...next, asking: { chosen: next.chosen } };
  }
  const what =
    next.open && next.line > 0 && !next.barred ? { line: next.line, device: next.open.id } : undefined;
  if (what && !next.sending && !next.isWaiting && !isSame(next.sent, what)) {
    effects.push({ type: "send", what });
    next = { ...next, sending: what };
  }
  return [next, effects];
}

function isSame(a: Sending | undefined, b: Sending | undefined): boolean {
  return a !== undefined && b !== undefined && a.line === b.line && a.device === b.device;
}
