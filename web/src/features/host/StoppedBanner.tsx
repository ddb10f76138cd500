import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { OctagonX } from "../../ui/icons";
import { useMay, useMeeting, useSheet } from "../../ui/room/context";

/** To everybody, for as long as it lasts. */
export function StoppedBanner() {
  const t = useT();
  const { stopped } = useMeeting();
  const isHost = useMay("host");
  const { setOpen } = useSheet("host");
  if (!stopped) return null;
  return (
    <Banner
      tone="danger"
      icon={<OctagonX size={20} strokeWidth={1.75} aria-hidden="true" />}
      title={t("host.stopped")}
      actions={
        isHost && (
          <Button size={32} look="plain" onPress={() => setOpen(true)}>
            {t("host.stopped.open")}
          </Button>
        )
      }
    >
      {isHost && t("host.stopped.hint")}
    </Banner>
  );
}

/** With nobody to let in, to mute or to end, people should know. */
export function UnhostedBanner() {
  const t = useT();
  const { hosted } = useMeeting();
  if (hosted) return null;
  return <Banner tone="info">{t("host.nobody")}</Banner>;
}
