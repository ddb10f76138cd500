import { useEffect, useRef } from "react";

import type { Trouble } from "../../core/meeting/media/state";
import { browserName, systemName } from "../../core/platform";
import { useT } from "../../i18n/react";
import { announce } from "../../ui/live";
import { useSession, useStore } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import { useChooseDevice } from "./HearingBanner";

/** Says what happened to one's devices and to the line. Draws nothing. */
export function Troubles() {
  useTroubles();
  useLineSaid();
  return null;
}

function useTroubles(): void {
  const t = useT();
  const session = useSession();
  const choose = { microphone: useChooseDevice("microphone"), camera: useChooseDevice("camera") };
  const latest = useRef({ t, choose });
  useEffect(() => {
    latest.current = { t, choose };
  });
  useEffect(
    () =>
      session.onTrouble((trouble) => {
        const say = latest.current.t;
        const { device, what, instead } = trouble;
        if (what === "talking") {
          const unmute = { label: say("call.talking.unmute"), run: () => session.media.setMicrophone(true) };
          showToast({ text: say("call.talking"), actions: [unmute] });
        } else if (what === "unplugged" && device !== "screen") {
          const label = say(instead ? "call.trouble.change" : "call.trouble.choose");
          const another = { label, run: () => latest.current.choose[device]() };
          showToast({ text: words(say, trouble), actions: [another], stays: !instead });
        } else showToast({ text: words(say, trouble), stays: what === "refused" });
      }),
    [session],
  );
}

function useLineSaid(): void {
  const t = useT();
  const line = useStore(useSession().line);
  const before = useRef(line.kind);
  useEffect(() => {
    if (line.kind === before.current) return;
    before.current = line.kind;
    if (line.kind === "reconnecting") announce(t("call.line.reconnecting"), "assertive");
    if (line.kind === "back") announce(t("call.line.back", { s: line.seconds }), "assertive");
  }, [line, t]);
}

function words(t: ReturnType<typeof useT>, { device, what, label, instead }: Trouble): string {
  switch (what) {
    case "unplugged":
      return instead
        ? t("call.trouble.replaced", { old: label ?? "", new: instead })
        : t("call.trouble.unplugged", { device });
    case "talking":
      return t("call.talking");
    case "refused": {
      const { userAgent } = navigator;
      return t("call.trouble.refused", { os: systemName(userAgent), browser: browserName(userAgent) });
    }
    case "not_allowed":
      return t(`call.not_allowed.${device}`);
    case "blocked":
    case "none":
    case "busy":
    case "unknown":
      return t(`call.trouble.${what}`, { device });
  }
}
