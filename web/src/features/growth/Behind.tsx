import { useCallback, useState } from "react";

import type { EventBehind, GrowthReport, OrganisationBehind } from "../../core/api/growth-client";
import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

import { useAsked, useDesk } from "./desk";
import type { Figure } from "./FiguresShown";
import styles from "./growth.module.css";
import { day, exact, month, span } from "./said";

/** Who a figure is made of, and the events of each: down to what was brought. */
export function Behind({ of, figure, onClose }: { of: GrowthReport; figure: Figure; onClose(): void }) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const [chosen, setChosen] = useState<OrganisationBehind | null>(null);
  const quarter = of.shown.quarter.id;
  return (
    <Dialog
      title={t("growth.behind", { what: t(`growth.figure.${figure}`), when: span(of.shown.quarter, locale) })}
      isOpen
      size="form"
      hasCross
      onOpenChange={(open) => !open && onClose()}
    >
      <p className={styles.top}>
        {figure !== "met" && (
          <a className={styles.way} href={api.csv(of.book.name, figure, quarter)} download>
            {t("growth.csvOrganisations")}
          </a>
        )}
        <a className={styles.way} href={api.csv(of.book.name, `${figure}-events`, quarter)} download>
          {t("growth.csvEvents")}
        </a>
      </p>
      {chosen || figure === "met" ? (
        <Events of={of} figure={figure} organisation={chosen} onBack={() => setChosen(null)} />
      ) : (
        <Organisations of={of} figure={figure} onChoose={setChosen} />
      )}
    </Dialog>
  );
}

/** Pages of one list, as far as they were asked for. */
function usePages<P extends { next: number | null }>(asks: (after: number) => Promise<Answer<P>>) {
  const first = useAsked(useCallback(() => asks(0), [asks]));
  const [later, setLater] = useState<{ of: P; pages: readonly P[] } | null>(null);
  const pages = first.value === null ? [] : [first.value, ...(later?.of === first.value ? later.pages : [])];
  const next = pages.at(-1)?.next ?? null;
  async function more() {
    if (first.value === null || next === null) return;
    const answer = await asks(next);
    if (answer.kind === "ok") setLater({ of: first.value, pages: [...pages.slice(1), answer.value] });
  }
  return { pages, more: next === null ? null : more, isThere: first.value !== null };
}

function More({ more }: { more: (() => Promise<void>) | null }) {
  const t = useT();
  return (
    more && (
      <Button look="plain" onPress={() => void more()}>
        {t("growth.more")}
      </Button>
    )
  );
}

function Organisations({
  of,
  figure,
  onChoose,
}: {
  of: GrowthReport;
  figure: Figure;
  onChoose(one: OrganisationBehind): void;
}) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const { name, currency } = of.book;
  const quarter = of.shown.quarter.id;
  const listed = usePages(
    useCallback(
      (after: number) => api.organisations(name, figure, quarter, after),
      [api, name, figure, quarter],
    ),
  );
  const all = listed.pages.flatMap((page) => page.organisations);
  if (listed.isThere && all.length === 0) return <p className={styles.hint}>{t("growth.nobodyBehind")}</p>;
  return (
    <>
      <ul className={styles.rows}>
        {all.map((one) => (
          <li key={one.organisation}>
            <button type="button" className={styles.row} onClick={() => onChoose(one)}>
              <span dir="auto">{one.name || one.organisation}</span>
              <span className={styles.amount}>{exact(one.amount, currency, locale)}</span>
            </button>
          </li>
        ))}
      </ul>
      <More more={listed.more} />
    </>
  );
}

function Events({
  of,
  figure,
  organisation,
  onBack,
}: {
  of: GrowthReport;
  figure: Figure;
  /** None: the figure is of nobody's alone. */
  organisation: OrganisationBehind | null;
  onBack(): void;
}) {
  const t = useT();
  const { api } = useDesk();
  const { name } = of.book;
  const quarter = of.shown.quarter.id;
  const id = organisation?.organisation ?? "";
  const listed = usePages(
    useCallback(
      (after: number) => api.events(name, figure, quarter, id, after),
      [api, name, figure, quarter, id],
    ),
  );
  return (
    <>
      {organisation && (
        <div className={styles.top}>
          <h3 dir="auto">{organisation.name || id}</h3>
          <Button look="plain" size={32} onPress={onBack}>
            {t("growth.back")}
          </Button>
        </div>
      )}
      <ul className={styles.rows}>
        {listed.pages
          .flatMap((page) => page.events)
          .map((one) => (
            <Event key={one.id} of={one} />
          ))}
      </ul>
      <More more={listed.more} />
    </>
  );
}

function Event({ of: one }: { of: EventBehind }) {
  const t = useT();
  const locale = useLocale();
  if (one.kind === "usage") return <Met of={one} />;
  const days =
    one.first && one.last ? `${day(one.first, locale)} – ${day(one.last, locale)}` : day(one.at, locale);
  return (
    <li className={styles.row}>
      <span>
        {t(`growth.event.${one.kind.replace(".", "_")}`)} {one.said}
        <br />
        <span className={styles.hint}>{days}</span>
      </span>
      <span className={styles.amount}>
        {one.currency && exact(one.amount, one.currency, locale)}
        {one.counted !== null && (
          <>
            <br />
            <span className={styles.hint}>
              {t("growth.counted", { amount: exact(one.counted, one.currency, locale) })}
            </span>
          </>
        )}
      </span>
    </li>
  );
}

function Met({ of: one }: { of: EventBehind }) {
  const t = useT();
  const locale = useLocale();
  return (
    <li className={styles.row}>
      <span>
        {one.said === "month" ? month(one.first ?? one.at, locale) : day(one.first ?? one.at, locale)}
        {one.organisation && ` · ${one.organisation}`}
      </span>
      <span className={styles.amount}>
        {t("growth.people", { count: one.amount })}
        <br />
        <span className={styles.hint}>{t("growth.organisations", { count: one.counted ?? 0 })}</span>
      </span>
    </li>
  );
}
