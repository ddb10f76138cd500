import { useState } from "react";
import { DialogTrigger, Dialog } from "react-aria-components";

import { isHosting } from "../../core/meeting/people";
import type { Policy } from "../../core/meeting/policy";
import type { Present } from "../../core/meeting/present";
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

/** The last host says who hosts then: a name stands there already, so that whoever stays is not left without tools. */
function HostLeaves() {
  const t = useT();
  const session = useSession();
  const people = usePeople().filter(({ self, role }) => !self && role !== "service");
  const hosts = people.filter(({ role }) => isHosting(role));
  const { successor, policy } = useMeeting();
  const [chosen, setChosen] = useState(() => suggested(people, successor, policy.heirs));
  const leave = async (): Promise<void> => {
    if (people.length > 0 && hosts.length === 0 && chosen !== successor)
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
      {hosts.length > 0 || people.length === 0 ? (
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

/** Who was named before, else whoever was invited by name, else who came first; nobody in a class, where all are pupils. */
function suggested(
  people: readonly Present[],
  successor: string | null,
  heirs: Policy["heirs"],
): string | null {
  if (people.some(({ id }) => id === successor)) return successor;
  if (heirs === "named") return null;
  return (people.find(({ role }) => role === "member") ?? people[0])?.id ?? null;
}
