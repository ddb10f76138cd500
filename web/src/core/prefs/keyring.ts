/**
 * What proves something to the server: that we host a meeting (kept on the device), that we were inside it
 * (kept until the tab closes, so a reload is the same person and a second tab is not).
 */
import { take, write, type Shelf } from "./prefs";

export interface Keyring {
  hostKey(number: string): string | undefined;
  keepHostKey(number: string, key: string): void;
  rejoin(number: string): string | undefined;
  keepRejoin(number: string, token: string | null): void;
}

export function createKeyring(device: Shelf, tab: Shelf): Keyring {
  const host = (number: string) => `folkmoot.host.${number}`;
  const inside = (number: string) => `folkmoot.rejoin.${number}`;
  return {
    hostKey: (number) => take(device, host(number)) ?? undefined,
    keepHostKey: (number, key) => write(device, host(number), key),
    rejoin: (number) => take(tab, inside(number)) ?? undefined,
    keepRejoin: (number, token) => write(tab, inside(number), token),
  };
}
