import { DialogTrigger, Dialog } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { PhoneOff } from "../../ui/icons";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./Popovers.module.css";

/** One click leaves: Rejoin waits on the next page. Hosts are asked which of two things they mean. */
export function LeaveButton() {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const leave = {
    icon: <PhoneOff />,
    word: t("call.leave"),
    label: t("call.leave.label"),
    look: "leave",
  } as const;
  if (!isHost) return <BarButton {...leave} onPress={() => session.leave()} />;
  return (
    <DialogTrigger>
      <BarButton {...leave} />
      <Popover look="dialog" placement="top end">
        <Dialog className={styles.leave ?? ""} aria-label={t("call.leave.label")}>
          <Button wide look="leave" onPress={() => session.leave()}>
            {t("call.leave.alone")}
          </Button>
          <p className={styles.hint}>{t("call.leave.alone.hint")}</p>
          <Button
            wide
            onPress={() => {
              void (async () => {
                const { kind } = await session.endForAll();
                if (kind !== "done") showToast({ text: t("call.leave.end.failed") });
              })();
            }}
          >
            {t("call.leave.end")}
          </Button>
          <p className={styles.hint}>{t("call.leave.end.hint")}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
