/** What belongs to no meeting: one's own room, the feed for another calendar, and when one may be rung. */
import { type ReactNode, useEffect, useState } from "react";

import type { Planned, Quiet } from "../../core/api/calendar-client";
import type { Answer } from "../../core/api/types";
import { spellNumber } from "../../core/invitation/parse";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { showToast } from "../../ui/Toast";
import { Switch } from "../../ui/Switch";

import { copy, failed, usePorts } from "./calendar";
import { pathOf } from "./links";
import styles from "./Own.module.css";
import { Import } from "./Import";
import { QuietHours } from "./QuietHours";

export function OwnRows() {
  const t = useT();
  return (
    <div className={styles.rows}>
      <Room />
      <Feed />
      <Row title={t("meetings.import")} failure={null} actions={<Import />}>
        {t("meetings.import.text")}
      </Row>
      <Rung />
    </div>
  );
}

/** Asked for when it is drawn; failing leaves the row with its words. */
function useAsked<T>(ask: () => Promise<Answer<T>>): [T | undefined, (value: T) => void, string | null] {
  const t = useT();
  const [value, setValue] = useState<T>();
  const [failure, setFailure] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void (async () => {
      const answer = await ask();
      if (!isHere) return;
      if (answer.kind === "ok") setValue(answer.value);
      else setFailure(failed(t, answer));
    })();
    return () => {
      isHere = false;
    };
    // Asked once; another language is no reason to ask again.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  return [value, setValue, failure];
}

interface RowProps {
  title: string;
  failure: string | null;
  actions: ReactNode;
  children: ReactNode;
}

function Row({ title, failure, actions, children }: RowProps) {
  return (
    <section className={styles.row} aria-label={title}>
      <div className={styles.words}>
        <h3 className={styles.title}>{title}</h3>
        <p className={styles.means}>{failure ?? children}</p>
      </div>
      {!failure && actions}
    </section>
  );
}

/** Always there under the same number: for whoever comes by. */
function Room() {
  const t = useT();
  const { api, go } = usePorts();
  const [room, , failure] = useAsked<Planned>(api.room);
  return (
    <Row
      title={t("meetings.room")}
      failure={failure}
      actions={
        room && (
          <>
            <Button
              look="plain"
              size={32}
              onPress={() => void copy(t, room.link ?? "", t("meetings.copy.link.done"))}
            >
              {t("meetings.copy.link")}
            </Button>
            <Button size={32} onPress={() => go(`/meetings/${room.id}`)}>
              {t("meetings.room.settings")}
            </Button>
            <Button size={32} onPress={() => go(pathOf(room.link, room.number))}>
              {t("meetings.room.open")}
            </Button>
          </>
        )
      }
    >
      {t("meetings.room.text", { number: room ? spellNumber(room.number) : "…" })}
    </Row>
  );
}

/** A secret address: whoever has it reads the calendar, so it can be made anew. */
function Feed() {
  const t = useT();
  const { api } = usePorts();
  const [feed, setFeed, failure] = useAsked(api.feed);
  const [asking, setAsking] = useState(false);
  async function renew() {
    setAsking(false);
    const answer = await api.renewFeed();
    if (answer.kind === "ok") setFeed(answer.value);
    showToast({ text: answer.kind === "ok" ? t("meetings.feed.renewed") : failed(t, answer) });
  }
  return (
    <Row
      title={t("meetings.feed")}
      failure={failure}
      actions={
        feed && (
          <>
            <Button
              look="plain"
              size={32}
              onPress={() => void copy(t, feed.address, t("meetings.feed.copied"))}
            >
              {t("meetings.feed.copy")}
            </Button>
            <Button size={32} onPress={() => setAsking(true)}>
              {t("meetings.feed.renew")}
            </Button>
            <Dialog
              role="alertdialog"
              title={t("meetings.feed.renew.title")}
              isOpen={asking}
              onOpenChange={setAsking}
            >
              <p>{t("meetings.feed.renew.text")}</p>
              <DialogButtons>
                <Button onPress={() => setAsking(false)}>{t("meetings.keep")}</Button>
                <Button look="primary" onPress={() => void renew()}>
                  {t("meetings.feed.renew")}
                </Button>
              </DialogButtons>
            </Dialog>
          </>
        )
      }
    >
      {t("meetings.feed.text")}
    </Row>
  );
}

/** When somebody rings. */
function Rung() {
  const t = useT();
  const { api } = usePorts();
  const [quiet, setQuiet, failure] = useAsked(api.quiet);
  async function change(next: Quiet) {
    const before = quiet;
    setQuiet(next);
    const answer = await api.setQuiet(next);
    if (answer.kind === "ok" || !before) return;
    setQuiet(before);
    showToast({ text: failed(t, answer) });
  }
  return (
    <Row title={t("meetings.rung")} failure={failure} actions={null}>
      {t("meetings.rung.text")}
      {quiet && (
        <span className={styles.quiet}>
          {quiet.mails && (
            <Switch isSelected={quiet.mail} onChange={(mail) => void change({ ...quiet, mail })}>
              {t("meetings.rung.mail")}
            </Switch>
          )}
          <QuietHours quiet={quiet} onChange={(next) => void change(next)} />
        </span>
      )}
    </Row>
  );
}
