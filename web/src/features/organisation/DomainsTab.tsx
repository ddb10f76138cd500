import { type FormEvent, useCallback, useState } from "react";

import type { DomainShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/TextField";

import { useAsked, useDeed } from "../../ui/asking";
import { useDesk, useHere } from "./desk";
import { DomainCard } from "./DomainCards";
import { Answered } from "./Answered";
import styles from "./organisation.module.css";
import { OwnAddress } from "./OwnAddress";
import { OwnSender } from "./OwnSender";
import { Records } from "./Records";
import { said } from "./trouble";

export function DomainsTab() {
  const t = useT();
  const { api } = useDesk();
  const { org, owns } = useHere();
  const [domains, reload] = useAsked(useCallback(() => api.domains(org.id), [api, org.id]));
  return (
    <>
      <title>{`${t("organisation.tab.domains")} · Folkmoot`}</title>
      <div className={styles.head}>
        <h1>{t("organisation.tab.domains")}</h1>
      </div>
      <p className={styles.lead}>{t("organisation.domains.text")}</p>
      <Answered asked={domains} onRetry={reload}>
        {(value) =>
          value.map((domain) =>
            domain.proven ? (
              <div key={domain.domain}>
                <DomainCard domain={domain} onAsked={reload} />
                {domain.kept_until !== null && owns ? (
                  <Proof domain={domain} owns={owns} onChanged={reload} />
                ) : (
                  owns && <GiveUp domain={domain} onDone={reload} />
                )}
              </div>
            ) : (
              <Proof key={domain.domain} domain={domain} owns={owns} onChanged={reload} />
            ),
          )
        }
      </Answered>
      {owns && <Claim onClaimed={reload} />}
      {domains.at === "here" && (
        <>
          <OwnAddress proven={domains.value.filter(({ proven }) => proven)} />
          <OwnSender proven={domains.value.filter(({ proven }) => proven)} />
        </>
      )}
    </>
  );
}

function Claim({ onClaimed }: { onClaimed(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [domain, setDomain] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (!(await deed.run(() => api.claim(org.id, domain)))) return;
    setDomain("");
    onClaimed();
  }

  return (
    <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label={t("organisation.domains.add")}
        placeholder="school.example"
        value={domain}
        onChange={setDomain}
        error={said(t, deed.trouble)}
      />
      <Button type="submit" size={48} look="primary" isDisabled={deed.busy || !domain.trim()}>
        {t("organisation.domains.begin")}
      </Button>
    </form>
  );
}

interface ProofProps {
  domain: DomainShown;
  owns: boolean;
  onChanged(): void;
}

/** Two ways to prove it, for the first time or again, one where no mail leaves; nothing follows until one is gone. */
function Proof({ domain, owns, onChanged }: ProofProps) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const dns = useDeed();
  return (
    <section className={styles.proof} aria-label={domain.shown}>
      <h2>
        <bdi>{domain.shown}</bdi>
        {domain.shown !== domain.domain && <small> {domain.domain}</small>}
      </h2>
      <p className={styles.note}>
        {t(domain.proven ? "organisation.domains.unprovenNow" : "organisation.domains.unproven")}
      </p>
      {owns && (
        <>
          <h3>{t("organisation.domains.dns")}</h3>
          <Records records={[{ type: "TXT", record: domain.record, value: domain.value }]} />
          {dns.trouble && <p className={styles.error}>{said(t, dns.trouble)}</p>}
          <div className={styles.row}>
            <Button
              isDisabled={dns.busy}
              onPress={() =>
                void dns.run(() => api.check(org.id, domain.domain)).then((done) => done && onChanged())
              }
            >
              {t("organisation.domains.check")}
            </Button>
          </div>
          {org.mails && <ByMail domain={domain} onProven={onChanged} />}
          <GiveUp domain={domain} onDone={onChanged} />
        </>
      )}
    </section>
  );
}

function ByMail({ domain, onProven }: { domain: DomainShown; onProven(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const [mailed, setMailed] = useState(false);
  const [code, setCode] = useState("");
  const to = `postmaster@${domain.shown}`;

  async function mail() {
    if (await deed.run(() => api.mailCode(org.id, domain.domain))) setMailed(true);
  }

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await deed.run(() => api.enterCode(org.id, domain.domain, code))) onProven();
  }

  return (
    <>
      <h3>{t("organisation.domains.mail", { to })}</h3>
      {mailed ? (
        <form className={styles.inline} onSubmit={(event) => void submit(event)} noValidate>
          <TextField
            label={t("organisation.domains.code")}
            inputMode="numeric"
            autoComplete="one-time-code"
            value={code}
            onChange={setCode}
            error={said(t, deed.trouble)}
          />
          <Button type="submit" size={48} isDisabled={deed.busy || !code.trim()}>
            {t("organisation.domains.confirm")}
          </Button>
        </form>
      ) : (
        <>
          {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
          <div className={styles.row}>
            <Button isDisabled={deed.busy} onPress={() => void mail()}>
              {t("organisation.domains.send")}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function GiveUp({ domain, onDone }: { domain: DomainShown; onDone(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  return (
    <div className={styles.row}>
      <Button
        look="plain"
        size={32}
        isDisabled={deed.busy}
        onPress={() =>
          void deed.run(() => api.giveUp(org.id, domain.domain)).then((done) => done && onDone())
        }
      >
        <span className={styles.danger}>{t("organisation.domains.giveUp", { domain: domain.shown })}</span>
      </Button>
      <span className={styles.note}>{t("organisation.domains.stay")}</span>
    </div>
  );
}
