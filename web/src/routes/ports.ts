/** The one place outside the meeting that touches the browser's globals. Everything else is handed its ports. */
import { activate } from "../i18n/i18n";
import type { Language } from "../i18n/languages";
import { createMe } from "../core/account/me";
import { createCall } from "../core/api/call";
import { createApi } from "../core/api/client";
import { Chunk } from "../core/chunk";
import { asItIs, type Processor } from "../core/devices/held";
import type { Taste } from "../core/devices/wish";
import type { Invitation } from "../core/invitation/parse";
import { createInstall } from "../core/install";
import { deriveAdmission, makeSecret } from "../core/invitation/secret";
import { isPlain, type Look } from "../core/picture/look";
import { createKeyring } from "../core/prefs/keyring";
import { createPrefs, type Shelf } from "../core/prefs/prefs";

export const send = createCall();
export const api = createApi();
export const me = createMe(send);
/** For whoever is signed in: an answer that they are not is heard by the whole page. */
export const call = me.heard(send);
// A phone gives its microphone back at every mute: others want it there, and its light frightens.
export const prefs = createPrefs(
  shelf(() => localStorage),
  { warnMuted: !matchMedia("(pointer: coarse)").matches },
);

/** A browser offers it early and once: heard from the beginning, shown in the settings. */
export const install = createInstall(window);

/** What is made of one's picture; its code comes when somebody wants some of it. */
export const effects = new Chunk(async () => {
  const [{ Effects }, { picture }] = await Promise.all([
    import("../core/picture/effects"),
    import("../core/picture/shelf"),
  ]);
  return new Effects({ look: { get: look, subscribe: prefs.subscribe }, picture });
});
const process: Processor = async (raws) => (await effects.fetch()).process(raws);
export const processor = (): Processor | undefined => (isPlain(look()) ? undefined : process);
export const taste = (): Taste => prefs.get();

/**
 * What takes noise out of one's sound; in a call alone.
 * @param lost it worked and does no more
 * @param told it is wanted and can't be done here; the sound goes out as it is
 */
export function noiseFilter(lost: () => void, told: () => void): () => Processor | undefined {
  const filter = new Chunk(async () => {
    const made = new (await import("../core/sound/noise")).NoiseFilter(lost);
    made.state.subscribe(() => made.state.get() === "impossible" && told());
    return made;
  });
  const filtered: Processor = async (raws) => {
    const loaded = await filter.fetch().catch(told);
    return loaded ? loaded.process(raws) : asItIs(raws);
  };
  return () => {
    const { noiseFilter: isWanted, originalSound } = prefs.get();
    return isWanted && !originalSound ? filtered : undefined;
  };
}

function look(): Look {
  const { background, liftLight: light } = prefs.get();
  return { background, light };
}

/** What its owner changes of their picture takes effect where a camera is open. @returns what ends it */
export function followTaste(on: { remade(): void; liked(): void }): () => void {
  let [made, liked] = [processor(), taste()];
  return prefs.subscribe(() => {
    const before = [made, liked] as const;
    [made, liked] = [processor(), taste()];
    if (made !== before[0]) on.remade();
    if (liked.hd !== before[1].hd || liked.lowData !== before[1].lowData) on.liked();
  });
}

const reflect = (): void =>
  void document.documentElement.toggleAttribute("data-unmirrored", !prefs.get().mirrorSelf);
reflect();
prefs.subscribe(reflect);

const forget = me.subscribe(() => {
  const { at } = me.get();
  if (at === "in" || at === "out") prefs.set({ signedIn: at === "in" });
});
/**
 * To sign in elsewhere, and back. Whoever comes back is signed in, mostly: any page asks then, also one that asks nothing for a
 * stranger. An answer that is still under way to this page says who one was before.
 */
export function leaveToSignIn(address: string): void {
  forget();
  prefs.set({ signedIn: true });
  location.assign(address);
}
/** Where somebody was signed in before. A stranger's page asks nothing: the answer would stand as an error in their console. */
export function askWho(): void {
  if (prefs.get().signedIn) me.ask();
}
/** Until the tab is closed. */
export const tab = shelf(() => sessionStorage);
export const keyring = createKeyring(
  shelf(() => localStorage),
  tab,
  () => newSecret(),
);

/** Without https a browser gives neither devices nor the cryptography that a link needs. */
export const isSecure = globalThis.isSecureContext && "subtle" in crypto;

export const newSecret = () => makeSecret((bytes) => crypto.getRandomValues(bytes));

export async function admissionOf(secret: string | undefined): Promise<string | undefined> {
  return secret === undefined || !isSecure ? undefined : deriveAdmission(secret, crypto.subtle);
}

/** Where an invitation leads; what came with it is kept for there. */
export function wayIn(invitation: Exclude<Invitation, { kind: "elsewhere" }>): string {
  const { number } = invitation;
  if (invitation.kind === "link" && invitation.secret) return `/m/${number}#k=${invitation.secret}`;
  if (invitation.kind === "number") keyring.keepPasscode(number, invitation.passcode ?? null);
  return `/m/${number}`;
}

export function chooseLanguage(language: Language): void {
  prefs.set({ language });
  // Where its words don't come, everything stays in the language it is in.
  activate(language).catch(() => undefined);
}

export const clock = {
  now: () => Date.now(),
  after(ms: number, run: () => void): () => void {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Some browsers throw already when asked for the storage; then the page remembers until it is closed. */
function shelf(open: () => Shelf): Shelf {
  try {
    return open();
  } catch {
    const memory = new Map<string, string>();
    return {
      getItem: (key) => memory.get(key) ?? null,
      setItem: (key, value) => void memory.set(key, value),
      removeItem: (key) => void memory.delete(key),
    };
  }
}
