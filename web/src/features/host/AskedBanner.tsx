import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useSession, useStore } from "../../ui/room/context";

import { askedOf } from "./asked";

/** H1: nobody's microphone is ever opened from outside; a host may only ask. */
export function AskedBanner() {
  const t = useT();
  const session = useSession();
  const request = askedOf(session);
  const isAsked = useStore(request.isAsked);
  if (!isAsked) return null;
  return (
    <Banner
      tone="info"
      title={t("host.asks_you")}
      actions={
        <>
          <Button
            size={32}
            look="plain"
            onPress={() => {
              session.media.setMicrophone(true);
              request.answered();
            }}
          >
            {t("host.unmute")}
          </Button>
          <Button size={32} look="plain" onPress={() => request.answered()}>
            {t("host.stay_muted")}
          </Button>
        </>
      }
    />
  );
}
