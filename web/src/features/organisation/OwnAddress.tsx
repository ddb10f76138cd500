import { type FormEvent, useCallback, useState } from "react";

import type { DomainShown } from "../../core/api/orgs-client";
import type { HostShown } from "../../core/api/outward-client";
import { useLocale, useT } from "../../i18n/react";
import { useAsked, useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { dayInWords } from "./days";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { Records } from "./Records";
import { said } from "./trouble";

/** Words by the server's own codes, all of which are listed: what isn't said here would be said in no language. */
const seen: Readonly<Record<string, string>> = {
  no_record: "organisation.own.seen.no_record",
  elsewhere: "organisation.own.seen.elsewhere",
  certificate: "organisation.own.seen.certificate",
  away: "organisation.own.seen.away",
  stranger: "organisation.own.seen.stranger",
};
const why: Readonly<Record<string, string>> = {
  removed: "organisation.own.why.removed",
  service: "organisation.own.why.service",
  proof: "organisation.own.why.proof",
};

/** Where its meetings are, by a name of its own. */
export function OwnAddress({ proven }: { proven: readonly DomainShown[] }) {
  const t = useT();
  const { outward } = useDesk();
  const { org, owns } = useHere();
  const [hosts, reload] = useAsked(useCallback(() => outward.hosts(org.id), [outward, org.id]));
  const example = `meet.${proven[0]?.shown ?? "school.example"}`;
  return (
    <section className={styles.outward} aria-labelledby="own-address">
      <h2 id="own-address">{t("organisation.own.title")}</h2>
      <p className={styles.lead}>{t("organisation.own.text", { example, main: location.host })}</p>
      {hosts.at === "here" &&
        hosts.value.map((host) => <OneHost key={host.host} host={host} onChanged={reload} />)}
      {proven.length === 0 ? (
        <p className={styles.note}>{t("organisation.own.needsDomain")}</p>
      ) : (
        owns && <AddHost example={example} onAdded={reload} />
      )}
    </section>
  );
}

function AddHost({ example, onAdded }: { example: string; onAdded(): void }) {
  const t = useT();
  const { outward } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [host, setHost] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await deed.run(() => outward.addHost(org.id, host)))) return;
    setHost("");
    onAdded();
  }

  return (
    <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.own.add")}
        placeholder={example}
        value={host}
        onChange={setHost}
        error={said(t, deed.trouble)}
        inputMode="url"
        autoComplete="off"
      />
      <Button type="submit" size={48} isDisabled={deed.busy || !host.trim()}>
        {t("organisation.own.begin")}
      </Button>
    </form>
  );
}

function OneHost({ host: one, onChanged }: { host: HostShown; onChanged(): void }) {
  const t = useT();
  const { outward } = useDesk();
  const { org, owns } = useHere();
  const deed = useDeed();
  const leaving = one.state === "leaving";
  const wrong = one.seen === null ? undefined : seen[one.seen];
  return (
    <section className={styles.proof} aria-label={one.shown}>
      <h3>
        <bdi>{one.shown}</bdi>
        {one.shown !== one.host && <small> {one.host}</small>}
      </h3>
      <HowItIs host={one} />
      {!leaving && wrong !== undefined && <p className={styles.note}>{t(wrong, { main: location.host })}</p>}
      {!leaving && one.state !== "ready" && (
        <>
          <p className={styles.note}>{t("organisation.own.records", { count: one.records.length })}</p>
          <Records records={one.records} />
        </>
      )}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
      {owns && (!leaving || one.why !== "removed") && (
        <div className={styles.row}>
          {!leaving && (
            <Button
              isDisabled={deed.busy}
              onPress={() =>
                void deed.run(() => outward.checkHost(org.id, one.host)).then((done) => done && onChanged())
              }
            >
              {t("organisation.own.check")}
            </Button>
          )}
          <Button
            look="plain"
            size={32}
            isDisabled={deed.busy}
            onPress={() =>
              void deed.run(() => outward.removeHost(org.id, one.host)).then((done) => done && onChanged())
            }
          >
            <span className={styles.danger}>{t("organisation.own.remove", { host: one.shown })}</span>
          </Button>
          {one.state !== "waiting" && <span className={styles.note}>{t("organisation.own.removing")}</span>}
        </div>
      )}
    </section>
  );
}

/** In one sentence, with the day that counts. */
function HowItIs({ host: one }: { host: HostShown }) {
  const t = useT();
  const locale = useLocale();
  const day = (at: string | null): string => (at === null ? "" : dayInWords(at.slice(0, 10), locale));
  switch (one.state) {
    case "ready":
      return (
        <p role="status">
          {one.certificate_until === null
            ? t("organisation.own.ready")
            : t("organisation.own.readyUntil", { until: day(one.certificate_until) })}
        </p>
      );
    case "failing":
      return (
        <p className={styles.error} role="status">
          {t("organisation.own.failing", { main: location.host })}
        </p>
      );
    case "leaving":
      return (
        <p role="status">
          {t(why[one.why ?? ""] ?? "organisation.own.why.removed")}{" "}
          {t("organisation.own.leaving", { until: day(one.leaves_at) })}
        </p>
      );
    default:
      return (
        <p role="status">{t(one.seen === null ? "organisation.own.unseen" : "organisation.own.waiting")}</p>
      );
  }
}
