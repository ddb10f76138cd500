import { useCallback, useEffect, useState } from "react";

import type { DeclinedShown, DocumentShown, Elsewhere, WayToPayShown } from "../../core/api/billing-client";
import type { Answer } from "../../core/api/types";
import { day, inWords } from "../../core/money";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { TriangleAlert } from "../../ui/icons";
import { PageLink } from "../../ui/PageLink";
import { useAsked, useDeed } from "../../ui/asking";

import styles from "./billing.module.css";
import { wordFor } from "./declined";
import { useBilling } from "./desk";
import { usePapers } from "./papers";
import { returned } from "./returned";
import { wordsOf } from "./trouble";

const LOOKS = 6;
const BETWEEN_MS = 3000;

/** Through whom it pays; null while that isn't known, and where money comes by hand. */
function useWay(): [WayToPayShown | null, () => void] {
  const { api, org } = useBilling();
  const [asked, reload] = useAsked(useCallback(() => api.wayToPay(org), [api, org]));
  return [asked.at === "here" && asked.value.collects ? asked.value : null, reload];
}

/** The way to pay that is saved with the provider, for invoices to come; and what couldn't be collected by it. */
export function WayToPay() {
  const t = useT();
  const locale = useLocale();
  const { api, org, owns } = useBilling();
  const [way, reload] = useWay();
  const deed = useDeed();
  const leaving = useLeaving();
  const [came] = useState(() => returned(location.search));
  useLooking(came === "done" || came === "looked", reload);
  if (way === null) return null;

  async function forget() {
    if (await deed.run(() => api.forgetWayToPay(org))) reload();
  }

  const trouble = leaving.trouble ?? deed.trouble;
  const isBusy = leaving.busy || deed.busy;
  return (
    <section aria-label={t("billing.way")}>
      <h2>{t("billing.way")}</h2>
      {came && !(came === "done" && way.since) && <p role="status">{t(`billing.way.came.${came}`)}</p>}
      <p>{way.since ? t("billing.way.saved", { day: day(way.since, locale) }) : t("billing.way.none")}</p>
      {way.declined.map((one) => (
        <Declined key={one.number} one={one} />
      ))}
      {owns && <p className={styles.quiet}>{t("billing.way.where")}</p>}
      {owns && (
        <p className={styles.acts}>
          {way.since ? (
            <Button isDisabled={isBusy} onPress={() => leaving.to(() => api.manageWaysToPay(org))}>
              {t("billing.way.manage")}
            </Button>
          ) : (
            <Button isDisabled={isBusy} onPress={() => leaving.to(() => api.saveWayToPay(org))}>
              {t("billing.way.save")}
            </Button>
          )}
          {way.since && (
            <Button look="plain" isDisabled={isBusy} onPress={() => void forget()}>
              {t("billing.way.forget")}
            </Button>
          )}
        </p>
      )}
      {trouble && <p className={styles.error}>{wordsOf(t, trouble)}</p>}
    </section>
  );
}

/** To a page of the provider's, by a click. */
function useLeaving() {
  const { leave } = useBilling();
  const deed = useDeed();
  async function to(asks: () => Promise<Answer<Elsewhere>>) {
    const done = await deed.run(asks);
    if (done) leave(done.value.address);
  }
  return { to: (asks: () => Promise<Answer<Elsewhere>>) => void to(asks), ...deed };
}

/** An open invoice that couldn't be collected: why, and what happens next. */
function Declined({ one: { number, why, again_on: againOn } }: { one: DeclinedShown }) {
  const t = useT();
  const locale = useLocale();
  const { at, go } = usePapers();
  const path = `${at}/${number}`;
  return (
    <p className={styles.warn}>
      <TriangleAlert size={20} strokeWidth={1.75} aria-hidden="true" />
      <span>
        {t("billing.declined", { number, why: t(`billing.declined.${wordFor(why)}`) })}{" "}
        {againOn ? t("billing.declined.again", { day: day(againOn, locale) }) : t("billing.declined.noMore")}{" "}
        <PageLink to={path} go={go}>
          {t("billing.declined.look")}
        </PageLink>
      </span>
    </p>
  );
}

/** Of an invoice that asks for something: a click leads to the provider's page. */
export function Pay({ of, onLook }: { of: DocumentShown; onLook(): void }) {
  const t = useT();
  const locale = useLocale();
  const { api, org, owns } = useBilling();
  const [way] = useWay();
  const leaving = useLeaving();
  const [came] = useState(() => returned(location.search));
  useLooking(came === "done" && of.left > 0, onLook);
  const declined = way?.declined.find(({ number }) => number === of.number);

  return (
    <>
      {came && came !== "looked" && <p role="status">{t(told(came, of.left))}</p>}
      {declined && <Declined one={declined} />}
      {way && owns && of.left > 0 && (
        <section aria-label={t("billing.pay")}>
          <p className={styles.quiet}>{t("billing.pay.where")}</p>
          <Button
            look="primary"
            isDisabled={leaving.busy}
            onPress={() => leaving.to(() => api.pay(org, of.number))}
          >
            {t("billing.pay.sum", { sum: inWords(of.left, of.currency, locale) })}
          </Button>
          {leaving.trouble && <p className={styles.error}>{wordsOf(t, leaving.trouble)}</p>}
        </section>
      )}
    </>
  );
}

function told(came: "done" | "back", left: number) {
  if (left === 0) return "billing.pay.paid";
  return came === "done" ? "billing.pay.pending" : "billing.pay.back";
}

/** What was paid is told by the provider, mostly within seconds. */
function useLooking(waits: boolean, onLook: () => void) {
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    if (!waits || looks >= LOOKS) return;
    const soon = setTimeout(() => {
      setLooks(looks + 1);
      onLook();
    }, BETWEEN_MS);
    return () => clearTimeout(soon);
  }, [waits, looks, onLook]);
}
