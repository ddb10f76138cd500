/** Everything of the outside world that `core/meeting` touches, handed in so that tests own it. */

export interface Socket {
  send(text: string): void;
  close(code?: number): void;
  onopen: (() => void) | null;
  onmessage: ((message: { data: unknown }) => void) | null;
  onclose: ((closed: { code: number }) => void) | null;
}

export interface Edges {
  openSocket(url: string, protocols: string[]): Socket;
  now(): number;
  /** @returns what cancels it */
  after(milliseconds: number, run: () => void): () => void;
  random(): number;
  /** Whether the device has a network at all, as far as it knows. */
  isOnline(): boolean;
  /** Called when that changes. @returns what ends it */
  onNetwork(changed: () => void): () => void;
}

export function browserEdges(): Edges {
  return {
    openSocket: (url, protocols) => new WebSocket(url, protocols) as Socket,
    now: () => performance.now(),
    after(milliseconds, run) {
      const timer = setTimeout(run, milliseconds);
      return () => clearTimeout(timer);
    },
    random: Math.random,
    isOnline: () => navigator.onLine,
    onNetwork(changed) {
      addEventListener("online", changed);
      addEventListener("offline", changed);
      return () => {
        removeEventListener("online", changed);
        removeEventListener("offline", changed);
      };
    },
  };
}
