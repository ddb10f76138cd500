import { useEffect, useState } from "react";

import type { CalendarApi, Invitation, Planned } from "../../core/api/calendar-client";
import type { Answer } from "../../core/api/types";
import { isNameAlone } from "../../core/calendar/people";
import { useT } from "../../i18n/react";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/icons";
import { useMeeting, useRoom } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./invite.module.css";

/** Whom the organiser has invited, and who of them isn't here: each can be asked to come now. */
export function Ring() {
  const t = useT();
  const { people, number } = useMeeting();
  const { api, planned } = usePlanned(number);
  const here = new Set(people.map(({ name }) => name));
  const invited = planned?.kind === "ok" ? planned.value.people.filter(({ revoked }) => !revoked) : [];
  if (!api || !planned) return null;
  if (planned.kind !== "ok" || invited.length === 0)
    return <p className={styles.hint}>{t("invite.ring.nobody")}</p>;
  return (
    <>
      <p className={styles.hint}>{t("invite.ring.text", { mails: planned.value.mails ? "yes" : "no" })}</p>
      <ul className={styles.list}>
        {invited.map((one) => (
          <Row key={one.id} one={one} isHere={here.has(one.name)} api={api} meeting={planned.value.id} />
        ))}
      </ul>
    </>
  );
}

/** Asked for when it is opened, by who is signed in. */
function usePlanned(number: string) {
  const { calendar } = useRoom();
  const [api, setApi] = useState<CalendarApi>();
  const [planned, setPlanned] = useState<Answer<Planned>>();
  useEffect(() => {
    void (async () => {
      const found = await calendar();
      setPlanned(await found.byNumber(number));
      setApi(found);
    })();
  }, [calendar, number]);
  return { api, planned };
}

interface RowProps {
  one: Invitation;
  isHere: boolean;
  api: CalendarApi;
  meeting: string;
}

function Row({ one, isHere, api, meeting }: RowProps) {
  const t = useT();
  const [isRung, setRung] = useState(false);
  async function ring() {
    setRung(true);
    const answer = await api.ring(meeting, one.id);
    if (answer.kind === "ok") {
      const { open, mailed, quiet } = answer.value;
      const how = open ? "open" : mailed ? "mailed" : quiet ? "quiet" : "nobody";
      return void showToast({ text: t("invite.ring.done", { name: one.name, how }) });
    }
    setRung(false);
    const isSoon = answer.kind === "refused" && answer.refusal.code === "ring.too_often";
    showToast({ text: t(isSoon ? "invite.ring.often" : "invite.ring.failed", { name: one.name }) });
  }
  return (
    <li className={styles.row}>
      <Avatar id={one.account ?? one.id} name={one.name} size={28} />
      <span className={styles.name} dir="auto">
        {one.name}
      </span>
      {isHere ? (
        <span className={styles.state}>
          <Check size={16} aria-hidden="true" />
          {t("invite.ring.here")}
        </span>
      ) : (
        !isNameAlone(one) && (
          <Button
            size={32}
            isDisabled={isRung}
            aria-label={t("invite.ring.one", { name: one.name })}
            onPress={() => void ring()}
          >
            {t("invite.ring.do")}
          </Button>
        )
      )}
    </li>
  );
}
