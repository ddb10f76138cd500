/**
 * What proves something to the server: that we host a meeting (kept on the device), that we were inside it or
 * know its passcode (kept until the tab closes, so a reload is the same person and a second tab is not), and by what a
 * meeting knows this browser again.
 */
import { take, write, type Shelf } from "./prefs";

export interface HostProof {
  key: string;
  title: string;
}

/** Before anybody is in: whether guests wait. */
export interface MakersWish {
  waitingRoom: boolean;
}

export interface Keyring {
  host(number: string): HostProof | undefined;
  keepHost(number: string, proof: HostProof): void;
  rejoin(number: string): string | undefined;
  keepRejoin(number: string, token: string | null): void;
  passcode(number: string): string | undefined;
  keepPasscode(number: string, passcode: string | null): void;
  /** Of the link one came by, while one signs in: the address of that page does not carry it. */
  secret(number: string): string | undefined;
  keepSecret(number: string, secret: string | null): void;
  /** What the maker of a meeting has chosen for it and not yet told it; undefined for everybody else. */
  wish(number: string): MakersWish | undefined;
  keepWish(number: string, wish: MakersWish | null): void;
  /** This browser in this meeting: random, made once, and another one in each meeting, so that it joins nothing. */
  device(number: string): string;
}

export function createKeyring(device: Shelf, tab: Shelf, random: () => string): Keyring {
  /** For a browser that keeps nothing: at least while the page is open. */
  const made = new Map<string, string>();
  function make(number: string): string {
    const id = made.get(number) ?? random();
    made.set(number, id);
    write(device, `folkmoot.device.${number}`, id);
    return id;
  }

  return {
    host: (number) => readProof(take(device, `folkmoot.host.${number}`)),
    keepHost: (number, { key, title }) =>
      write(device, `folkmoot.host.${number}`, JSON.stringify({ key, title })),
    rejoin: (number) => take(tab, `folkmoot.rejoin.${number}`) ?? undefined,
    keepRejoin: (number, token) => write(tab, `folkmoot.rejoin.${number}`, token),
    passcode: (number) => take(tab, `folkmoot.passcode.${number}`) ?? undefined,
    keepPasscode: (number, passcode) => write(tab, `folkmoot.passcode.${number}`, passcode),
    secret: (number) => take(tab, `folkmoot.secret.${number}`) ?? undefined,
    keepSecret: (number, secret) => write(tab, `folkmoot.secret.${number}`, secret),
    wish: (number) => readWish(take(tab, `folkmoot.wish.${number}`)),
    keepWish: (number, wish) =>
      write(tab, `folkmoot.wish.${number}`, wish && (wish.waitingRoom ? "waiting" : "open")),
    device: (number) => take(device, `folkmoot.device.${number}`) ?? make(number),
  };
}

function readWish(text: string | null): MakersWish | undefined {
  return text === null ? undefined : { waitingRoom: text !== "open" };
}

function readProof(text: string | null): HostProof | undefined {
  try {
    const proof = JSON.parse(text ?? "null") as Partial<HostProof> | null;
    return typeof proof?.key === "string" ? { key: proof.key, title: String(proof.title ?? "") } : undefined;
  } catch {
    return undefined;
  }
}
