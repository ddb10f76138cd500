import { useState } from "react";

import { isHosting } from "../../core/meeting/people";
import type { Policy } from "../../core/meeting/policy";
import type { Present } from "../../core/meeting/present";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { useMeeting, usePeople, useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./Popovers.module.css";

/** The last host says who hosts then: a name stands there already, so that whoever stays is not left without tools. */
export function HostLeaves() {
  const t = useT();
  const session = useSession();
  const people = usePeople().filter(({ self, role }) => !self && role !== "service");
  const hosts = people.filter(({ role }) => isHosting(role));
  const { successor, policy } = useMeeting();
  const [wanted, setChosen] = useState(() => suggested(people, successor, policy.heirs));
  const isAsked = people.length > 0 && hosts.length === 0;
  // Whoever was chosen may leave while one reads.
  const chosen = people.some(({ id }) => id === wanted) ? wanted : null;
  const leave = async (): Promise<void> => {
    if (isAsked && chosen !== successor)
      await session.do("meeting", "name_successor", chosen === null ? {} : { participant: chosen }, {
        deadlineMs: 1500,
      });
    session.leave();
  };
  const end = async (): Promise<void> => {
    if (!(await session.endForAll())) showToast({ text: t("call.leave.end.failed") });
  };
  return (
    <>
      {isAsked && (
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
      <Button wide look="leave" onPress={() => void leave()}>
        {t("call.leave.alone")}
      </Button>
      <p className={styles.hint}>
        {t(hosts.length > 0 ? "call.leave.hosted" : "call.leave.alone.hint", { name: hosts[0]?.name ?? "" })}
      </p>
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
