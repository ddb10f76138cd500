import { useCallback, useDeferredValue, useState } from "react";

import type { CustomerListed, CustomersOf } from "../../../core/api/selling-client";
import { day, inWords } from "../../../core/money";
import { useLocale, useT } from "../../../i18n/react";
import { useListed } from "../../../ui/asking";
import { Button } from "../../../ui/Button";
import { Check, CircleAlert, FileText, History, type LucideIcon, TriangleAlert } from "../../../ui/icons";
import { PageLink } from "../../../ui/PageLink";
import { Select } from "../../../ui/Select";
import { TextField } from "../../../ui/TextField";

import { Answered } from "./Answered";
import { AT, useSelling } from "./desk";
import { quotedOf, stateOf, termsOf } from "./said";
import styles from "./selling.module.css";
import { wordsOf } from "./trouble";

const kinds = ["all", "active", "contract", "trial", "past_due", "cancelled"] as const;
type Kind = (typeof kinds)[number];

/** Who subscribes, did, or has an offer, of all organisations. */
export function Customers() {
  const t = useT();
  const { api } = useSelling();
  const [like, setLike] = useState("");
  const [kind, setKind] = useState<Kind>("all");
  const sought = useDeferredValue(like.trim());
  const of: CustomersOf = kind === "all" ? null : kind;
  const listed = useListed(
    useCallback((after: string | null) => api.customers(sought, of, after), [api, sought, of]),
  );
  const all = listed.pages.flatMap(({ customers }) => customers);
  return (
    <section aria-label={t("billing.selling.customers")}>
      <div className={styles.title}>
        <h2>{t("billing.selling.customers")}</h2>
        <div className={styles.sought}>
          <TextField
            label={t("billing.selling.customers.search")}
            labelHidden
            placeholder={t("billing.selling.customers.search")}
            size={40}
            value={like}
            onChange={setLike}
          />
          <Select<Kind>
            label={t("billing.selling.customers.which")}
            labelHidden
            size={40}
            choices={kinds.map((id) => ({ id, word: t(`billing.selling.customers.${id}`) }))}
            chosen={kind}
            onChoose={setKind}
          />
        </div>
      </div>
      <Answered asked={listed.asked} onRetry={listed.reload}>
        {() =>
          all.length === 0 ? (
            <p className={styles.hint}>
              {t(sought || of ? "billing.selling.customers.nothing" : "billing.selling.customers.none")}
            </p>
          ) : (
            <ul className={styles.rows}>
              {all.map((one) => (
                <CustomerRow key={one.org} one={one} />
              ))}
            </ul>
          )
        }
      </Answered>
      {listed.trouble && <p className={styles.error}>{wordsOf(t, listed.trouble)}</p>}
      {listed.more && (
        <div className={styles.more}>
          {" "}
          <Button look="plain" isDisabled={listed.busy} onPress={() => void listed.more?.()}>
            {t("billing.selling.more")}
          </Button>
        </div>
      )}
    </section>
  );
}

function CustomerRow({ one }: { one: CustomerListed }) {
  const t = useT();
  const locale = useLocale();
  const { go } = useSelling();
  const at = `${AT}/${one.org}`;
  const { subscription, quotes, accepted } = one;
  const offer = accepted ?? quotes[0];
  return (
    <li className={styles.row}>
      <div className={styles.words}>
        <PageLink className={styles.strong} dir="auto" to={at} go={go}>
          {one.name || t("billing.selling.customer.gone")}
        </PageLink>
        <p className={styles.hint}>
          {subscription
            ? termsOf(t, subscription.terms)
            : offer
              ? quotedOf(t, offer, locale)
              : t("billing.selling.customer.nothing")}
        </p>
      </div>
      <div className={styles.end}>
        {subscription && (
          <span className={styles.amount}>
            {t("billing.selling.price", {
              price: inWords(subscription.terms.price, subscription.terms.currency, locale),
              period: subscription.terms.period,
            })}
          </span>
        )}
        <StateShown one={one} />
      </div>
    </li>
  );
}

const icons: Readonly<Record<string, LucideIcon>> = {
  active: Check,
  contract: FileText,
  agreed: FileText,
  offered: FileText,
  trial: History,
  leaving: History,
  past_due: TriangleAlert,
  restricted: CircleAlert,
};

/** Shape before colour. */
export function StateShown({ one }: { one: CustomerListed }) {
  const t = useT();
  const locale = useLocale();
  const state = stateOf(one);
  const Icon = icons[state];
  const { subscription, accepted, quotes } = one;
  const until = subscription ? (subscription.until ?? subscription.last) : undefined;
  const when = until ?? accepted?.starts ?? quotes[0]?.open_until;
  return (
    <span className={styles.state} data-state={state}>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
      {t(`billing.selling.state.${state}`, { day: when ? day(when, locale) : "" })}
    </span>
  );
}
