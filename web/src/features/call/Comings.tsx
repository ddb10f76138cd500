import { useEffect, useRef } from "react";

import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { usePeople, useSession } from "../../ui/room/context";

/** Says who comes and goes, and who shares. Draws nothing. */
export function Comings() {
  useComings();
  useShares();
  return null;
}

const MANY = 10;

/** Joins and leaves are said politely; above ten people only how many there are. */
function useComings(): void {
  const t = useT();
  const session = useSession();
  const latest = useRef(t);
  useEffect(() => {
    latest.current = t;
  });
  useEffect(() => {
    let names = new Map(session.people.get().map(({ id, name }) => [id, name]));
    return session.log.onEvent((event) => {
      const before = names;
      names = new Map(session.people.get().map(({ id, name }) => [id, name]));
      if (event.feature !== "meeting" || (event.type !== "joined" && event.type !== "left")) return;
      const id = String(event.payload["id"]);
      if (id === session.passage.join.participant) return;
      const name = (event.type === "joined" ? names : before).get(id) ?? "";
      announce(
        names.size > MANY
          ? latest.current("call.people.count", { count: names.size })
          : latest.current(event.type === "joined" ? "call.said.joined" : "call.said.left", { name }),
      );
    });
  }, [session]);
}

/** Who begins and who ends sharing. */
function useShares(): void {
  const t = useT();
  const people = usePeople();
  const sharers = useRef<ReadonlyMap<string, string>>(new Map());
  useEffect(() => {
    const before = sharers.current;
    const sharing = people.filter(({ screen, self }) => screen && !self);
    const now = new Map(sharing.map(({ id, name }) => [id, name]));
    sharers.current = now;
    for (const [id, name] of now) if (!before.has(id)) announce(t("call.share.of", { name }));
    for (const [id, name] of before) if (!now.has(id)) announce(t("call.said.share_over", { name }));
  }, [people, t]);
}
