import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CopyDetails } from "../../ui/CopyDetails";
import { useSelected, useSession, useStore } from "../../ui/room/context";

/** N1, N4, N5, N7, N8, N9, N10, N11: one at a time, in a row of its own. */
export function LineBanner() {
  const t = useT();
  const session = useSession();
  const line = useStore(session.line);
  const leave = (
    <Button size={32} look="plain" onPress={() => session.leave()}>
      {t("call.leave")}
    </Button>
  );
  switch (line.kind) {
    case "good":
    case "connecting":
      return null;
    case "slow":
      return (
        <Banner tone="busy" title={t("call.line.slow")} actions={leave}>
          {t("call.line.slow.then")}
        </Banner>
      );
    case "missing":
      return (
        <Banner tone="warn" title={t("call.line.missing")} actions={leave}>
          {t("call.line.missing.then")}
        </Banner>
      );
    case "reconnecting":
      return (
        <Banner tone="busy" title={t("call.line.reconnecting")}>
          {t("call.line.reconnecting.then")}
        </Banner>
      );
    case "back":
      return <Banner tone="info">{t("call.line.back", { s: line.seconds })}</Banner>;
    case "offline":
      return (
        <Banner tone="warn" title={t("call.line.offline")}>
          {t("call.line.offline.then")}
        </Banner>
      );
    case "blocked":
      return <BlockedBanner />;
    case "server-down":
      return (
        <Banner
          tone="warn"
          title={t("call.line.server_down")}
          actions={
            <Button size={32} look="plain" onPress={() => session.retryNow()}>
              {t("call.line.try_now")}
            </Button>
          }
        >
          {t("call.line.server_down.then")}
        </Banner>
      );
    case "restarting":
      return (
        <Banner tone="busy" title={t("call.line.restarting")}>
          {t("call.line.restarting.then")}
        </Banner>
      );
    case "control-away":
      return <Banner tone="warn">{t("call.line.control_away")}</Banner>;
  }
}

/** N8, with what whoever runs the network has to know. */
function BlockedBanner() {
  const t = useT();
  const details = (): string =>
    t("call.line.blocked.details", {
      address: location.origin,
      when: new Date().toISOString(),
      browser: navigator.userAgent,
    });
  return (
    <Banner
      tone="warn"
      title={t("call.line.blocked")}
      actions={<CopyDetails size={32} look="plain" details={details} />}
    >
      {t("call.line.blocked.then")}
    </Banner>
  );
}

/** D10: the browser waits for a click before it plays anything. */
export function SoundBanner() {
  const t = useT();
  const { media } = useSession();
  const isBlocked = useSelected(media.state, ({ soundBlocked }) => soundBlocked);
  if (!isBlocked) return null;
  return (
    <Banner
      tone="warn"
      title={t("call.sound.blocked")}
      actions={
        <Button size={32} look="plain" onPress={() => void media.allowSound()}>
          {t("call.sound.allow")}
        </Button>
      }
    />
  );
}
