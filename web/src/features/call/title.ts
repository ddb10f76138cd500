import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { useMeeting, useSession } from "../../ui/room/context";

/** What this meeting is called; one that was started at once has only its number. */
export function useMeetingTitle(): string {
  const t = useT();
  const { title } = useMeeting();
  const { meeting } = useSession().passage.join;
  return title || meeting.title || t("call.meeting", { number: spellNumber(meeting.number) });
}
