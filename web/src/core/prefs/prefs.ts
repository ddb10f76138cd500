/**
 * What this device remembers about its person. It stays on the device; nothing here is ever sent, save the
 * name when its owner joins. A browser that refuses storage forgets on reload, and nothing else breaks.
 */
import { type Readable, Store } from "../store";

export interface Prefs {
  language: string | null;
  name: string;
  microphoneId: string | null;
  cameraId: string | null;
  speakerId: string | null;
  microphoneOn: boolean;
  /** As last chosen in prejoin, never as it was in a meeting. */
  cameraOn: boolean;
  /** The room is dark whatever the system says, or follows it. */
  dimRoom: boolean;
  /** A muted microphone stays open on this device, to notice that its owner talks. */
  warnMuted: boolean;
  /** The keys of the room; some need theirs for something else. */
  shortcuts: boolean;
  /** A sound when one is let in from the waiting room. */
  soundWhenLetIn: boolean;
  /** What stands behind one's picture; see `core/picture/look.ts`. */
  background: string;
  /** A dark picture is made lighter. */
  liftLight: boolean;
  /** One sees oneself as in a mirror; others never do. */
  mirrorSelf: boolean;
  hd: boolean;
  /** Typing and fans are taken out of one's own sound, on this device. */
  noiseFilter: boolean;
  /** For music: two channels, and nothing done to them. */
  originalSound: boolean;
  /** As little as possible goes over the line. */
  lowData: boolean;
  /** Which of the room's sounds are off, by their names. */
  silent: string;
  /** Whether the system shows what happens while the page is hidden: `on`, `off`, or never asked. */
  notify: string | null;
  /** Keys of the room that this person chose for themselves, as `core/shortcuts` writes them. */
  keys: string;
  /** The small window opens when the tab is left. */
  smallOnSwitch: boolean;
  /** Somebody was signed in here when the page last knew: it waits a moment before it says otherwise. */
  signedIn: boolean;
}

const desk: Prefs = {
  language: null,
  name: "",
  microphoneId: null,
  cameraId: null,
  speakerId: null,
  microphoneOn: true,
  cameraOn: false,
  dimRoom: true,
  warnMuted: true,
  shortcuts: true,
  soundWhenLetIn: true,
  background: "none",
  liftLight: false,
  mirrorSelf: true,
  hd: true,
  noiseFilter: false,
  originalSound: false,
  lowData: false,
  silent: "",
  notify: null,
  keys: "",
  smallOnSwitch: false,
  signedIn: false,
};

export type Shelf = Pick<Storage, "getItem" | "setItem" | "removeItem">;

export interface PrefsStore extends Readable<Prefs> {
  set(change: Partial<Prefs>): void;
}

const KEY = "folkmoot.prefs";

/** @param device what another kind of device begins with */
export function createPrefs(shelf: Shelf, device: Partial<Prefs> = {}): PrefsStore {
  const prefs = new Store(read(shelf, { ...desk, ...device }));
  return {
    get: prefs.get,
    subscribe: prefs.subscribe,
    set(change) {
      prefs.set({ ...prefs.get(), ...change });
      write(shelf, KEY, JSON.stringify(prefs.get()));
    },
  };
}

/** Takes only what has the right type: an old or damaged entry loses itself, not the page. */
function read(shelf: Shelf, defaults: Prefs): Prefs {
  const stored = parse(take(shelf, KEY));
  const kept = Object.entries(defaults).map(([key, fallback]): [string, unknown] => {
    const value = stored[key];
    const fits = fallback === null ? typeof value === "string" : typeof value === typeof fallback;
    return [key, fits ? value : fallback];
  });
  return Object.fromEntries(kept) as unknown as Prefs;
}

function parse(text: string | null): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export function take(shelf: Shelf, key: string): string | null {
  try {
    return shelf.getItem(key);
  } catch {
    return null;
  }
}

export function write(shelf: Shelf, key: string, value: string | null): void {
  try {
    if (value === null) shelf.removeItem(key);
    else shelf.setItem(key, value);
  } catch {
    // Full or forbidden: the choice holds until the page closes.
  }
}
