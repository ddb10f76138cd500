import { useEffect, useRef, useState } from "react";

import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { ClipboardCheck } from "../../ui/icons";
import { useLog, useMay, useSession } from "../../ui/room/context";
import type { RoomFeature } from "../../ui/room/feature";
import { HostRow } from "../../ui/room/HostRow";
import { Switch } from "../../ui/Switch";
import { showToast } from "../../ui/Toast";

import styles from "./attendance.module.css";
import { attendanceLog, type Checking } from "./state";

/** So that nobody who is only half there knows when: within five minutes, drawn by this page and told to hosts alone. */
const WITHIN_S = 300;
const ANSWER_S = 60;

/** Always in sight while it is noted who comes and goes. */
function TopMark() {
  const t = useT();
  const { on } = useLog(attendanceLog);
  if (!on) return null;
  return (
    <span className={styles.mark} title={t("attendance.on.text")}>
      <ClipboardCheck size={16} strokeWidth={1.75} aria-hidden="true" />
      {t("attendance.on")}
    </span>
  );
}

function CheckBanner() {
  const t = useT();
  const { checking, here, present } = useLog(attendanceLog);
  const isHost = useMay("host");
  if (!checking) return null;
  if (isHost)
    return (
      <Banner tone="info" title={t("attendance.checking")}>
        {t("attendance.checking.count", { count: present.length })}
      </Banner>
    );
  return here ? null : <Asked key={checking.id} checking={checking} />;
}

/** Answered by hand: whether somebody looks at the page is asked nowhere. */
function Asked({ checking }: { checking: Checking }) {
  const t = useT();
  const session = useSession();
  const [isSaid, setSaid] = useState(false);
  async function say() {
    const outcome = await session.do("attendance", "here", { id: checking.id });
    setSaid(outcome.kind === "done");
    if (outcome.kind !== "done") showToast({ text: t("attendance.failed") });
  }
  if (isSaid) return null;
  return (
    <Banner
      tone="info"
      title={t("attendance.asked")}
      actions={
        <Button size={32} look="plain" onPress={() => void say()}>
          {t("attendance.here")}
        </Button>
      }
    />
  );
}

function HostRows() {
  const t = useT();
  const session = useSession();
  const { on, checking, planned } = useLog(attendanceLog);
  async function doing(asked: ReturnType<typeof session.do>) {
    const outcome = await asked;
    if (outcome.kind !== "done") showToast({ text: t("attendance.failed") });
  }
  const after = () => Math.floor(Math.random() * WITHIN_S);
  return (
    <>
      <Switch
        icon={<ClipboardCheck size={20} strokeWidth={1.75} aria-hidden="true" />}
        isSelected={on}
        onChange={(wanted) => void doing(session.do("attendance", "switch", { on: wanted }))}
      >
        {t("attendance.keep")}
      </Switch>
      {on && (
        <HostRow
          icon={<ClipboardCheck size={20} strokeWidth={1.75} aria-hidden="true" />}
          isDisabled={checking !== null || planned !== ""}
          onPress={() => void doing(session.do("attendance", "check", { after_s: after(), for_s: ANSWER_S }))}
        >
          {t(planned === "" ? "attendance.check" : "attendance.check.planned")}
        </HostRow>
      )}
    </>
  );
}

/** That it is on is said when one comes and when it changes, not only drawn. */
function Attendant() {
  const t = useT();
  const { on } = useLog(attendanceLog);
  const before = useRef(false);
  useEffect(() => {
    if (on !== before.current) showToast({ text: t(on ? "attendance.said.on" : "attendance.said.off") });
    before.current = on;
  }, [on, t]);
  return null;
}

export const feature: RoomFeature = {
  name: "attendance",
  log: attendanceLog as unknown as NonNullable<RoomFeature["log"]>,
  TopMark,
  banner: { order: 30, Part: CheckBanner },
  hostTool: { order: 40, Part: HostRows },
  Attendant,
};
