import { useCallback, useEffect, useState } from "react";

import type { DocumentShown, WayToPayShown } from "../../core/api/billing-client";
import { day, inWords } from "../../core/money";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { useAsked, useDeed } from "../../ui/asking";

import styles from "./billing.module.css";
import { useBilling } from "./desk";
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

/** The way to pay that is saved with the provider, for invoices to come. */
export function WayToPay() {
  const t = useT();
  const locale = useLocale();
  const { api, org, owns, leave } = useBilling();
  const [way, reload] = useWay();
  const deed = useDeed();
  const [came] = useState(() => returned(location.search));
  if (way === null) return null;

  async function save() {
    const done = await deed.run(() => api.saveWayToPay(org));
    if (done) leave(done.value.address);
  }

  async function forget() {
    if (await deed.run(() => api.forgetWayToPay(org))) reload();
  }

  return (
    <section aria-label={t("billing.way")}>
      <h2>{t("billing.way")}</h2>
      {came && <p role="status">{t(came === "done" ? "billing.way.came" : "billing.way.back")}</p>}
      <p>{way.since ? t("billing.way.saved", { day: day(way.since, locale) }) : t("billing.way.none")}</p>
      {owns && <p className={styles.quiet}>{t("billing.way.where")}</p>}
      {owns && (
        <p>
          <Button isDisabled={deed.busy} onPress={() => void save()}>
            {t(way.since ? "billing.way.another" : "billing.way.save")}
          </Button>
          {way.since && (
            <Button look="plain" isDisabled={deed.busy} onPress={() => void forget()}>
              {t("billing.way.forget")}
            </Button>
          )}
        </p>
      )}
      {deed.trouble && <p className={styles.error}>{wordsOf(t, deed.trouble)}</p>}
    </section>
  );
}

/** Of an invoice that asks for something: a click leads to the provider's page. */
export function Pay({ of, onLook }: { of: DocumentShown; onLook(): void }) {
  const t = useT();
  const locale = useLocale();
  const { api, org, owns, leave } = useBilling();
  const [way] = useWay();
  const deed = useDeed();
  const [came] = useState(() => returned(location.search));
  useLooking(came === "done" && of.left > 0, onLook);

  async function pay() {
    const done = await deed.run(() => api.pay(org, of.number));
    if (done) leave(done.value.address);
  }

  return (
    <>
      {came && <p role="status">{t(told(came, of.left))}</p>}
      {way && owns && of.left > 0 && (
        <section aria-label={t("billing.pay")}>
          <p className={styles.quiet}>{t("billing.pay.where")}</p>
          <Button look="primary" isDisabled={deed.busy} onPress={() => void pay()}>
            {t("billing.pay.sum", { sum: inWords(of.left, of.currency, locale) })}
          </Button>
          {deed.trouble && <p className={styles.error}>{wordsOf(t, deed.trouble)}</p>}
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
