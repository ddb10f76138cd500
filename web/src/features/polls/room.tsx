import { useEffect, useRef } from "react";

import { Chunk } from "../../core/chunk";
import { ofSession } from "../../core/meeting/of-session";
import type { Session } from "../../core/meeting/session";
import { Store } from "../../core/store";
import { useT } from "../../i18n/react";
import { ListChecks } from "../../ui/icons";
import { useChangeLook, useSession } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { showToast } from "../../ui/Toast";

import { hasVoted, pollsLog } from "./state";

/** An open poll waits for my answer. */
const newsOf = ofSession((session: Session) => {
  const polls = session.log.of(pollsLog);
  const me = session.passage.join.participant;
  const waits = (): boolean => polls.get().polls.some((poll) => !poll.closed && !hasVoted(poll, me));
  const news = new Store(waits());
  polls.subscribe(() => news.set(waits()));
  return news;
});

function Attendant() {
  const t = useT();
  const session = useSession();
  const change = useChangeLook();
  const latest = useRef({ t, change });
  useEffect(() => {
    latest.current = { t, change };
  });
  useEffect(
    () =>
      session.log.onEvent(({ feature, type, by, payload }) => {
        if (feature !== "polls" || type !== "asked" || by === session.passage.join.participant) return;
        const now = latest.current;
        showToast({
          text: now.t("polls.said.asked", { question: String(payload["question"]) }),
          actions: [
            { label: now.t("polls.open"), run: () => latest.current.change({ panel: "activities" }) },
          ],
        });
      }),
    [session],
  );
  return null;
}

export const feature: RoomFeature = {
  name: "polls",
  log: pollsLog as unknown as NonNullable<RoomFeature["log"]>,
  activities: [
    {
      id: "polls",
      order: 10,
      title: "polls.title",
      hint: "polls.hint",
      icon: <ListChecks size={20} strokeWidth={1.75} aria-hidden="true" />,
      Activity: new Chunk(async () => (await import("./PollsActivity")).PollsActivity),
      newsOf,
    },
  ],
  Attendant,
};
