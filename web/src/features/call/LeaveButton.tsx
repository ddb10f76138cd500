import { DialogTrigger, Dialog } from "react-aria-components";

import { useT } from "../../i18n/react";
import { PhoneOff } from "../../ui/icons";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useSession, useSheet } from "../../ui/room/context";

import { HostLeaves } from "./HostLeaves";
import styles from "./Popovers.module.css";

/** One click leaves: Rejoin waits on the next page. Hosts are asked which of two things they mean. */
export function LeaveButton() {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const { isOpen, setOpen } = useSheet("leave");
  const leave = {
    icon: <PhoneOff />,
    word: t("call.leave"),
    label: t("call.leave.label"),
    look: "leave",
  } as const;
  if (!isHost) return <BarButton {...leave} onPress={() => session.leave()} />;
  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <BarButton {...leave} />
      <Popover look="dialog" placement="top end">
        <Dialog className={styles.leave ?? ""} aria-label={t("call.leave.label")}>
          <HostLeaves />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
