import { type FormEvent, useCallback, useState } from "react";

import type { DomainShown } from "../../core/api/orgs-client";
import type { SenderShown, Senders } from "../../core/api/outward-client";
import { useT } from "../../i18n/react";
import { useAsked, useDeed } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { Records } from "./Records";
import { said } from "./trouble";

/** By the server's own codes; what is good is one sentence of its own. */
const seen: Readonly<Record<string, string>> = {
  "spf.none": "organisation.sender.seen.spf_none",
  "spf.several": "organisation.sender.seen.spf_several",
  "spf.without": "organisation.sender.seen.spf_without",
  "spf.too_many": "organisation.sender.seen.spf_too_many",
  "dkim.none": "organisation.sender.seen.dkim_none",
  "dmarc.missing": "organisation.sender.seen.dmarc_missing",
  "domain.unproven": "organisation.sender.seen.domain_unproven",
};

/** Who mails about its meetings are from. */
export function OwnSender({ proven }: { proven: readonly DomainShown[] }) {
  const t = useT();
  const { outward } = useDesk();
  const { org, owns } = useHere();
  const [senders, reload] = useAsked(useCallback(() => outward.sender(org.id), [outward, org.id]));
  return (
    <section className={styles.outward} aria-labelledby="own-sender">
      <h2 id="own-sender">{t("organisation.sender.title")}</h2>
      <p className={styles.lead}>{t("organisation.sender.text")}</p>
      {senders.at === "here" &&
        (!senders.value.mail ? (
          <p className={styles.note}>{t("organisation.sender.noMail")}</p>
        ) : (
          <>
            <p role="status">
              {senders.value.sender
                ? t("organisation.sender.now", { from: senders.value.sender.appears_as })
                : t("organisation.sender.none")}
            </p>
            {senders.value.sender && <InTheDns sender={senders.value.sender} onChanged={reload} />}
            {proven.length === 0 ? (
              <p className={styles.note}>{t("organisation.sender.needsDomain")}</p>
            ) : (
              owns && <Choosing key={senders.value.sender?.appears_as} of={senders.value} onChosen={reload} />
            )}
          </>
        ))}
    </section>
  );
}

function InTheDns({ sender, onChanged }: { sender: SenderShown; onChanged(): void }) {
  const t = useT();
  const { outward } = useDesk();
  const { org, owns } = useHere();
  const deed = useDeed();
  if (sender.from_address === null) return null;
  const wrong = sender.seen.map((code) => seen[code]).filter((words) => words !== undefined);
  return (
    <section className={styles.proof} aria-label={sender.from_address}>
      <h3>
        <bdi>{sender.from_address}</bdi>
      </h3>
      <p className={sender.good ? undefined : styles.note}>
        {t(sender.good ? "organisation.sender.good" : "organisation.sender.notYet", { host: location.host })}
      </p>
      {wrong.map((words) => (
        <p key={words} className={styles.note}>
          {t(words)}
        </p>
      ))}
      {!sender.good && (
        <>
          <p className={styles.note}>{t("organisation.sender.records")}</p>
          <Records records={sender.records} />
          <p className={styles.note}>{t("organisation.sender.aligned")}</p>
        </>
      )}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
      {owns && (
        <div className={styles.row}>
          <Button
            isDisabled={deed.busy}
            onPress={() =>
              void deed.run(() => outward.checkSender(org.id)).then((done) => done && onChanged())
            }
          >
            {t("organisation.sender.check")}
          </Button>
        </div>
      )}
    </section>
  );
}

/** Which field a refusal is about; the rest stands under the form. */
function fieldOf(trouble: ReturnType<typeof useDeed>["trouble"]): "name" | "reply_to" | "address" | null {
  if (trouble === null || trouble === "gone" || !trouble.code.startsWith("sender.")) return null;
  if (trouble.code.startsWith("sender.name")) return "name";
  const field = trouble.params["field"];
  return field === "reply_to" || field === "address" ? field : null;
}

function Choosing({ of: { sender, domains }, onChosen }: { of: Senders; onChosen(): void }) {
  const t = useT();
  const { outward } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const trying = useDeed();
  const [name, setName] = useState(sender?.sender_name ?? org.name);
  const [reply, setReply] = useState(sender?.reply_to ?? "");
  const [address, setAddress] = useState(sender?.from_address ?? "");
  const [sent, setSent] = useState<string | null>(null);
  const wrong = fieldOf(deed.trouble);
  const words = said(t, deed.trouble);
  const at = domains[0] ?? "school.example";

  async function submit(event: FormEvent) {
    event.preventDefault();
    const wanted = {
      sender_name: name,
      ...(reply.trim() && { reply_to: reply }),
      ...(address.trim() && { from_address: address }),
    };
    if (await deed.run(() => outward.chooseSender(org.id, wanted))) onChosen();
  }

  async function send() {
    const done = await trying.run(() => outward.trySender(org.id));
    setSent(done ? done.value.address : null);
  }

  return (
    <form className={styles.sender} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.sender.name")}
        value={name}
        onChange={setName}
        error={wrong === "name" ? words : undefined}
        autoComplete="off"
      />
      <TextField
        label={t("organisation.sender.reply")}
        hint={t("organisation.sender.reply.hint")}
        type="email"
        placeholder={`office@${at}`}
        value={reply}
        onChange={setReply}
        error={wrong === "reply_to" ? words : undefined}
        autoComplete="off"
      />
      <TextField
        label={t("organisation.sender.address")}
        hint={t("organisation.sender.address.hint", { domains: domains.join(", ") })}
        type="email"
        placeholder={`meetings@${at}`}
        value={address}
        onChange={setAddress}
        error={wrong === "address" ? words : undefined}
        autoComplete="off"
      />
      {wrong === null && words !== undefined && <p className={styles.error}>{words}</p>}
      {trying.trouble && <p className={styles.error}>{said(t, trying.trouble)}</p>}
      {sent !== null && <p role="status">{t("organisation.sender.sent", { address: sent })}</p>}
      <div className={styles.row}>
        <Button type="submit" look="primary" isDisabled={deed.busy}>
          {t("organisation.sender.save")}
        </Button>
        {sender && (
          <>
            <Button isDisabled={trying.busy} onPress={() => void send()}>
              {t("organisation.sender.test")}
            </Button>
            <Button
              look="plain"
              size={32}
              isDisabled={deed.busy}
              onPress={() =>
                void deed.run(() => outward.dropSender(org.id)).then((done) => done && onChosen())
              }
            >
              <span className={styles.danger}>{t("organisation.sender.drop")}</span>
            </Button>
          </>
        )}
      </div>
    </form>
  );
}
