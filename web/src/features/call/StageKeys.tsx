import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { useMeeting, usePeople, useSession } from "../../ui/room/context";
import { useKey } from "../../ui/room/keys";

import { barKey, regionBackKey, regionKey, viewKey, whereKey } from "./keys";
import { focusNextRegion, focusRegion } from "./regions";
import { useMeetingTitle } from "./title";
import { useChangeViewing, useViewing } from "./viewing";

const nextView = { auto: "gallery", gallery: "speaker", speaker: "auto" } as const;

/** The keys that look round: the next view, the regions, and where one is. Draws nothing. */
export function StageKeys() {
  const t = useT();
  const session = useSession();
  const { view } = useViewing();
  const change = useChangeViewing();
  const people = usePeople();
  const title = useMeetingTitle();
  const { locked, waiting } = useMeeting();
  useKey(viewKey, () => {
    change({ view: nextView[view] });
    announce(t(`call.view.${nextView[view]}`));
  });
  useKey(barKey, () => focusRegion("bar"));
  useKey(regionKey, () => focusNextRegion(1));
  useKey(regionBackKey, () => focusNextRegion(-1));
  useKey(whereKey, () => {
    const { own } = session.media.state.get();
    const speaking = session.media.levels.speaking;
    const talker = people.find(({ id, self }) => !self && speaking.includes(id));
    announce(
      t("call.said.where", {
        title,
        microphone: own.microphone ? "on" : "off",
        camera: own.camera ? "on" : "off",
        count: people.length,
        locked: locked ? "yes" : "no",
        talks: talker ? "yes" : "no",
        name: talker?.name ?? "",
        waiting: waiting.length,
        first: waiting[0]?.name ?? "",
      }),
      "assertive",
    );
  });
  return null;
}
