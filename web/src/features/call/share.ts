import { UNSENT_AFTER_MS } from "../../core/meeting/channel";
import { useT } from "../../i18n/react";
import { useMay, useSelected, useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

/** Begins or ends one's own sharing. S1: where only hosts share, they can be asked. */
export function useShare(): { isSharing: boolean; toggle: () => void } {
  const t = useT();
  const session = useSession();
  const { own, state } = session.media;
  const isSharing = useSelected(state, (media) => media.own.sharing);
  const mayShare = useMay("share");
  const ask = async (): Promise<void> => {
    const { kind } = await session.do("meeting", "ask_to_share", {}, { deadlineMs: UNSENT_AFTER_MS });
    showToast({ text: t(kind === "done" ? "call.share.asked" : "call.share.unasked") });
  };
  const refuse = (): void =>
    void showToast({
      text: t("call.not_allowed.screen"),
      actions: [{ label: t("call.share.ask"), run: () => void ask() }],
    });
  return {
    isSharing,
    toggle: () => {
      if (isSharing) own.stopSharing();
      else if (mayShare) own.share();
      else refuse();
    },
  };
}
