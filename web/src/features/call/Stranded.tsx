import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CheckLink } from "../../ui/CheckLink";
import { TriangleAlert } from "../../ui/icons";
import { useSelected, useSession } from "../../ui/room/context";
import { Status } from "../../ui/Status";

import styles from "./Stranded.module.css";

/** P3 inside a meeting: the room can't be drawn, and the call goes on. To mute and to leave stay in reach. */
export function Stranded({ onAgain }: { onAgain(): void }) {
  const t = useT();
  const session = useSession();
  const isHeard = useSelected(session.media.state, ({ own }) => own.microphone);
  return (
    <main className={styles.room} role="alert">
      <Status
        icon={TriangleAlert}
        tone="danger"
        title={t("call.broken.title")}
        actions={
          <>
            <Button look="primary" size={48} onPress={onAgain}>
              {t("call.broken.again")}
            </Button>
            <Button size={48} onPress={() => session.media.setMicrophone(!isHeard)}>
              {t(isHeard ? "call.mute" : "call.unmute")}
            </Button>
            <Button look="leave" size={48} onPress={() => session.leave()}>
              {t("call.leave")}
            </Button>
          </>
        }
      >
        {t(isHeard ? "call.broken.heard" : "call.broken.unheard")} <CheckLink apart />
      </Status>
    </main>
  );
}
