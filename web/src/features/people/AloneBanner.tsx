import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { Users } from "../../ui/icons";
import { useMeeting, usePeople, useSession, useStore } from "../../ui/room/context";
import { useCopyInvitation } from "../../ui/room/invitation";

/** P6: who begins a meeting is alone in it and looks for how others come in. */
export function AloneBanner() {
  const t = useT();
  const isWaitedFor = useMeeting().waiting.length > 0;
  const isAlone = usePeople().length === 1 && !isWaitedFor;
  const isUp = useStore(useSession().line).kind === "good";
  const copyInvitation = useCopyInvitation();
  if (!isAlone || !isUp) return null;
  return (
    <Banner
      tone="info"
      icon={<Users size={20} strokeWidth={1.75} aria-hidden="true" />}
      actions={
        <Button size={32} look="plain" onPress={copyInvitation}>
          {t("people.invite")}
        </Button>
      }
    >
      {t("people.alone")}
    </Banner>
  );
}
