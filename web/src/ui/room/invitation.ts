import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { useMeeting, useRoom } from "./context";
import { showToast } from "../Toast";

/** Puts the link, or number and passcode, on the clipboard, and says so. */
export function useCopyInvitation(): () => void {
  const t = useT();
  const { session, passcode } = useRoom();
  const { title } = useMeeting();
  const { invitation, join } = session.passage;
  return () => {
    const { number } = join.meeting;
    const text =
      invitation ??
      t(passcode ? "ui.invite.number_and_passcode" : "ui.invite.number", {
        title: title || join.meeting.title,
        address: `${location.origin}/m/${number}`,
        number: spellNumber(number),
        passcode: passcode ?? "",
      }).trim();
    void (async () => {
      try {
        await navigator.clipboard.writeText(text);
        showToast({ text: t("ui.invite.copied") });
      } catch {
        showToast({ text: t("ui.invite.failed", { text }), stays: true });
      }
    })();
  };
}
