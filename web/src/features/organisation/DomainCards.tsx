import { useCallback } from "react";

import type { DomainShown } from "../../core/api/orgs-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import { useAsked, useDeed } from "../../ui/asking";
import { dayInWords } from "./days";
import { useDesk, useHere } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

/** What is proven, what that did not do, and how its people answered: numbers, never who. */
export function DomainCards() {
  const { api } = useDesk();
  const { org } = useHere();
  const [domains, reload] = useAsked(useCallback(() => api.domains(org.id), [api, org.id]));
  if (domains.at !== "here") return null;
  return domains.value
    .filter(({ proven }) => proven)
    .map((domain) => <DomainCard key={domain.domain} domain={domain} onAsked={reload} />);
}

export function DomainCard({ domain, onAsked }: { domain: DomainShown; onAsked(): void }) {
  const t = useT();
  const { api } = useDesk();
  const { org } = useHere();
  const deed = useDeed();
  const { shown, joined, asked, declined } = domain;
  const all = joined + asked + declined;
  return (
    <section className={styles.card} aria-label={t("organisation.domain.proven", { domain: shown })}>
      <div>
        <h2>{t("organisation.domain.proven", { domain: shown })}</h2>
        <p className={styles.note}>{t("organisation.domain.told", { count: all })}</p>
        <Missing domain={domain} />
      </div>
      {all > 0 && (
        <div className={styles.answers}>
          <div className={styles.bar} aria-hidden="true">
            <span data-kind="joined" style={{ flexGrow: joined }} />
            <span data-kind="asked" style={{ flexGrow: asked }} />
            <span data-kind="declined" style={{ flexGrow: declined }} />
          </div>
          <ul>
            <li>{t("organisation.domain.joined", { count: joined })}</li>
            <li>{t("organisation.domain.asked", { count: asked })}</li>
            <li>{t("organisation.domain.declined", { count: declined })}</li>
          </ul>
        </div>
      )}
      {asked > 0 && (
        <Button
          look="plain"
          isDisabled={deed.busy}
          onPress={() => void deed.run(() => api.askAgain(org.id, domain.domain)).then(onAsked)}
        >
          {t("organisation.domain.again", { count: asked })}
        </Button>
      )}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
    </section>
  );
}

/** Nothing shows any more that it is theirs: until when it holds all the same. */
function Missing({ domain }: { domain: DomainShown }) {
  const t = useT();
  const locale = useLocale();
  if (domain.kept_until === null) return null;
  const until = dayInWords(domain.kept_until.slice(0, 10), locale);
  return (
    <p className={styles.error} role="status">
      {t("organisation.domain.missing", { until })}
    </p>
  );
}
