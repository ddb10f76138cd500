/** J4: who stands at a locked door with an invitation tells the hosts so, once, and does not come in by it. */
import { protocol } from "../api/channel";

import type { Edges } from "./edges";
import { parse } from "./wire";

const ANSWERED_WITHIN_MS = 8000;

/** @returns whether the meeting has heard it */
export function knock(
  url: string,
  token: string,
  edges: Pick<Edges, "openSocket" | "after">,
): Promise<boolean> {
  const socket = edges.openSocket(url, [protocol, token]);
  return new Promise((resolve) => {
    const settle = (isHeard: boolean): void => {
      cancel();
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      resolve(isHeard);
    };
    const cancel = edges.after(ANSWERED_WITHIN_MS, () => settle(false));
    socket.onopen = () => socket.send(JSON.stringify({ hello: { knock: true } }));
    socket.onmessage = ({ data }) => {
      if (parse(data).some(({ kind }) => kind === "denied")) settle(true);
    };
    socket.onclose = () => settle(false);
  });
}
