import { useEffect, useRef } from "react";

import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { useSession } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import type { RoomFeature } from "../../ui/room/feature";
import { showToast } from "../../ui/Toast";

import { KnockBanner } from "./KnockBanner";
import { WaitingSection } from "./WaitingSection";

function Attendant() {
  const t = useT();
  const session = useSession();
  const deed = useDeed();
  const latest = useRef({ t, deed });
  useEffect(() => {
    latest.current = { t, deed };
  });
  useEffect(
    () =>
      session.log.onEvent(({ feature, type, payload }) => {
        if (feature !== "meeting") return;
        const { t: say, deed: does } = latest.current;
        const name = String(payload["name"]);
        if (type === "waiting") announce(say("waiting.said", { name }));
        if (type === "knocks")
          showToast({
            text: say("waiting.knocks", { name }),
            stays: true,
            actions: [{ label: say("waiting.unlock"), run: () => void does("lock", { locked: false }) }],
          });
        if (type === "link_used_elsewhere") showToast({ text: say("waiting.link_elsewhere"), stays: true });
      }),
    [session],
  );
  return null;
}

export const feature: RoomFeature = {
  name: "waiting",
  banner: { order: 5, Part: KnockBanner },
  peopleSection: { order: 0, Part: WaitingSection },
  Attendant,
};
