import { useState } from "react";
import { DialogTrigger, Dialog } from "react-aria-components";

import { isHosting } from "../../core/meeting/people";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { PhoneOff } from "../../ui/icons";
import { Popover } from "../../ui/Popover";
import { BarButton } from "../../ui/room/BarButton";
import { useMay, useMeeting, usePeople, useSession } from "../../ui/room/context";
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
          <HostLeaves />
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Who hosts and goes says who hosts then; with other hosts there nobody needs to be named. */
function HostLeaves() {
  const t = useT();
  const session = useSession();
  const people = usePeople().filter(({ self, role }) => !self && role !== "service");
  const hosts = people.filter(({ role }) => isHosting(role));
  const mayName = useMay("own");
  const { successor } = useMeeting();
  const [chosen, setChosen] = useState(people.some(({ id }) => id === successor) ? successor : null);
  const leave = async (): Promise<void> => {
    if (mayName && hosts.length === 0 && chosen !== successor)
      await session.do("meeting", "name_successor", chosen === null ? {} : { participant: chosen }, {
        deadlineMs: 1500,
      });
    session.leave();
  };
  const end = async (): Promise<void> => {
    const { kind } = await session.endForAll();
    if (kind !== "done") showToast({ text: t("call.leave.end.failed") });
  };
  return (
    <>
      <Button wide look="leave" onPress={() => void leave()}>
        {t("call.leave.alone")}
      </Button>
      {hosts.length > 0 || people.length === 0 || !mayName ? (
        <p className={styles.hint}>
          {t(hosts.length > 0 ? "call.leave.hosted" : "call.leave.alone.hint", {
            name: hosts[0]?.name ?? "",
          })}
        </p>
      ) : (
        <label className={styles.successor}>
          {t("call.leave.successor")}
          <select value={chosen ?? ""} onChange={({ target }) => setChosen(target.value || null)}>
            <option value="">{t("call.leave.nobody")}</option>
            {people.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        </label>
      )}
      <Button wide onPress={() => void end()}>
        {t("call.leave.end")}
      </Button>
      <p className={styles.hint}>{t("call.leave.end.hint")}</p>
    </>
  );
}
