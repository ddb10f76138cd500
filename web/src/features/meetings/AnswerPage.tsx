/** What a mail's Yes, No or Maybe leads to: no account, nothing typed; the other two are one press away. */
import { useEffect, useRef, useState } from "react";

import { differs, nameZone } from "../../core/calendar/zones";
import type { AnswerShown, Reply } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CalendarDays, CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { failed, useFormats, useNow, usePorts, useTeller } from "./calendar";
import styles from "./AnswerPage.module.css";
import { pathOf } from "./links";
import { ruleWords } from "./repeat-words";
import { Replies } from "./Replies";

export interface AnswerPageProps {
  /** Of the mail; it never leaves this page but to be answered with. */
  token: string;
  /** Which of the mail's links was pressed. */
  pressed: Reply | undefined;
  /** What it is about is known. */
  onShown(shown: AnswerShown): void;
}

export function AnswerPage({ token, pressed, onShown }: AnswerPageProps) {
  const t = useT();
  const { api, go } = usePorts();
  const [shown, setShown] = useState<AnswerShown>();
  const [failure, setFailure] = useState<string | null>(null);
  const asked = useRef(false);
  async function say(reply: Reply | undefined) {
    const answer = await (reply ? api.reply(token, reply) : api.invited(token));
    if (answer.kind === "ok") {
      setShown(answer.value);
      onShown(answer.value);
    } else if (answer.kind === "refused") setFailure(t("meetings.answer.unknown"));
    else setFailure(failed(t, answer));
  }
  useEffect(() => {
    // Pressed once is said once, also where a page is drawn twice.
    if (asked.current) return;
    asked.current = true;
    void say(pressed);
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  if (shown) return <Shown shown={shown} onReply={(reply) => void say(reply)} />;
  if (failure === null) return null;
  return (
    <Status
      icon={CircleAlert}
      title={failure}
      actions={
        <Button look="primary" size={48} onPress={() => go("/")}>
          {t("errors.home")}
        </Button>
      }
    >
      {t("meetings.answer.unknown.text")}
    </Status>
  );
}

function Shown({ shown, onReply }: { shown: AnswerShown; onReply(reply: Reply): void }) {
  const t = useT();
  const { go } = usePorts();
  const title = shown.title || t("meetings.untitled");
  return (
    <section className={styles.answer}>
      <CalendarDays size={32} strokeWidth={1.75} className={styles.icon} aria-hidden="true" />
      <h1 className={styles.title} dir="auto">
        {title}
      </h1>
      <Times shown={shown} />
      <p className={styles.also}>{t("meetings.by", { name: shown.organiser })}</p>
      {shown.cancelled ? (
        <p className={styles.said}>{t("meetings.answer.cancelled")}</p>
      ) : (
        <>
          <p className={styles.said} role="status">
            {t("meetings.answer.said", { answer: shown.answer ?? "none", name: shown.organiser })}
          </p>
          <Replies answer={shown.answer} onReply={onReply} />
          {shown.link !== null && (
            <p className={styles.join}>
              <Button size={48} look="primary" onPress={() => go(pathOf(shown.link, ""))}>
                {t("meetings.answer.join")}
              </Button>
              <span className={styles.also}>{t("meetings.answer.keep")}</span>
            </p>
          )}
        </>
      )}
    </section>
  );
}

function Times({ shown }: { shown: AnswerShown }) {
  const t = useT();
  const now = useNow();
  const { zone, languages } = usePorts();
  const locale = useFormats(languages);
  const [mine, theirs] = [useTeller(), useTeller(shown.time_zone)];
  if (shown.starts_at === null || shown.ends_at === null) return null;
  const [from, to] = [Date.parse(shown.starts_at), Date.parse(shown.ends_at)];
  return (
    <>
      <p className={styles.when}>{mine.span(from, to, now)}</p>
      {differs(zone, shown.time_zone, from, to) && (
        <p className={styles.also}>
          {t("meetings.when.theirs", {
            when: theirs.span(from, to, now),
            zone: nameZone(shown.time_zone, locale, from).name,
          })}
        </p>
      )}
      {shown.rrule !== null && (
        <p className={styles.also}>
          {ruleWords(t, theirs, shown.rrule, theirs.dayOf(from), shown.time_zone)}
        </p>
      )}
    </>
  );
}
