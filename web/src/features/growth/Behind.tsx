import { type ReactNode, useCallback, useState } from "react";

import type {
  EventBehind,
  Figure,
  GrowthReport,
  OrganisationBehind,
  OrganisationsBehind,
  Which,
} from "../../core/api/growth-client";
import type { Answer } from "../../core/api/types";
import { useLocale, useT } from "../../i18n/react";
import { usePaged } from "../../ui/asking";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Segments } from "../../ui/Segments";

import { useAsked, useDesk } from "./desk";
import { Forecasted } from "./Forecasted";
import styles from "./growth.module.css";
import type { Look } from "./looking";
import { count, day, exact, month } from "./said";

/** Of retention, what it is made of can be looked at by itself. */
const PARTS: Partial<Record<Figure, readonly Figure[]>> = {
  net: ["net", "net_more", "net_less", "net_gone"],
  gross: ["gross", "net_less", "net_gone"],
};

/** Who a figure is made of, and the events of each: down to what was brought. */
export function Behind({
  of,
  look,
  onLook,
  onClose,
}: {
  of: GrowthReport;
  look: Look;
  onLook(look: Look): void;
  onClose(): void;
}) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const [chosen, setChosen] = useState<OrganisationBehind | null>(null);
  const [figure, setFigure] = useState(look.figure);
  const { quarter, of: what, began } = look;
  const which = { figure, quarter, of: what, began };
  const parts = PARTS[look.figure];
  const isOfPeople = figure === "step_person" || figure === "step_host";
  const csv = (table: string) => api.csv(of.book.name, table, quarter, { of: what, began });
  return (
    <Dialog
      title={t("growth.behind", { what: look.what, when: look.when })}
      isOpen
      size="form"
      hasCross
      onOpenChange={(open) => !open && onClose()}
    >
      {of.book.made_up && (
        <p className={styles.madeUp}>{t("growth.madeUp", { seed: String(of.book.seed ?? "") })}</p>
      )}
      <p className={styles.top}>
        {figure !== "met" && (
          <a className={styles.way} href={csv(figure)} download>
            {t(isOfPeople ? "growth.csvDomains" : "growth.csvOrganisations")}
          </a>
        )}
        {!isOfPeople && (
          <a className={styles.way} href={csv(`${figure}-events`)} download>
            {t("growth.csvEvents")}
          </a>
        )}
      </p>
      {parts && !chosen && (
        <Segments<Figure>
          label={look.what}
          choices={parts.map((id) => ({ id, word: t(`growth.part.${id}`) }))}
          chosen={figure}
          onChoose={setFigure}
        />
      )}
      {look.figure === "profit" && !chosen && (
        <Button
          look="plain"
          onPress={() => onLook({ ...look, figure: "revenue", what: t("growth.figure.revenue") })}
        >
          {t("growth.lessThanRevenue", {
            revenue: exact(of.shown.revenue, of.book.currency, locale),
          })}
        </Button>
      )}
      {look.figure === "renewals" && began === "" && !chosen && (
        <Forecasted book={of.book} look={look} onLook={onLook} />
      )}
      {chosen || figure === "met" ? (
        <Events of={of} which={which} organisation={chosen} onBack={() => setChosen(null)} />
      ) : (
        <Organisations key={figure} of={of} which={which} onChoose={isOfPeople ? null : setChosen} />
      )}
    </Dialog>
  );
}

/** Pages of one list, as far as they were asked for. */
function usePages<P extends { next: number | null }>(asks: (after: number) => Promise<Answer<P>>) {
  const first = useAsked(useCallback(() => asks(0), [asks]));
  return { ...usePaged<number, P>(first.value, asks), isThere: first.value !== null };
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
  which: { figure, quarter, of: what, began },
  onChoose,
}: {
  of: GrowthReport;
  which: Which;
  /** None: there is nothing behind them that may be told. */
  onChoose: ((one: OrganisationBehind) => void) | null;
}) {
  const t = useT();
  const { api } = useDesk();
  const { name } = of.book;
  const listed = usePages(
    useCallback(
      (after: number) => api.organisations(name, { figure, quarter, of: what, began }, after),
      [api, name, figure, quarter, what, began],
    ),
  );
  const [first] = listed.pages;
  if (!first) return listed.isThere && <p className={styles.hint}>{t("growth.nobodyBehind")}</p>;
  const all = listed.pages.flatMap((page) => page.organisations);
  return (
    <>
      <Sum of={first} figure={figure} />
      {all.length === 0 && <p className={styles.hint}>{t("growth.nobodyBehind")}</p>}
      <ul className={styles.rows}>
        {all.map((one) => (
          <li key={`${one.organisation} ${one.day ?? ""}`}>
            <Row onPress={onChoose && (() => onChoose(one))}>
              <span dir="auto">{one.name || one.organisation}</span>
              <Amount of={one} on={first} figure={figure} />
            </Row>
          </li>
        ))}
      </ul>
      {listed.more && (
        <p className={styles.hint}>{t("growth.shownOf", { shown: all.length, count: first.many })}</p>
      )}
      <More more={listed.more} />
    </>
  );
}

function Row({ onPress, children }: { onPress: (() => void) | null; children: ReactNode }) {
  return onPress ? (
    <button type="button" className={styles.row} onClick={onPress}>
      {children}
    </button>
  ) : (
    <div className={styles.row}>{children}</div>
  );
}

/** So that one sees that the list is the figure, and where it isn't, why. */
function Sum({
  of: { many, whole, figure: made, unit, currency },
  figure,
}: {
  of: OrganisationsBehind;
  figure: Figure;
}) {
  const t = useT();
  const locale = useLocale();
  if (unit === "people" && made !== null)
    return (
      <p className={styles.hint}>{t("growth.listPeople", { listed: count(whole, locale), count: made })}</p>
    );
  const sum = unit === "money" ? exact(whole, currency, locale) : "";
  return (
    <>
      <p className={styles.sum}>
        <span>{t(figure === "profit" ? "growth.listCosts" : "growth.listMany", { count: many })}</span>
        <span>{sum}</span>
      </p>
      {made !== null && made !== whole && (
        <p className={styles.hint}>{t("growth.keptAs", { made: exact(made, currency, locale) })}</p>
      )}
    </>
  );
}

const BY_MONTH: ReadonlySet<Figure> = new Set<Figure>([
  "left",
  "reason",
  "cohort",
  "customers",
  "over_ten",
  "mrr",
  "contracted",
  "renewals",
]);

function Amount({
  of: { amount, day: when },
  on: { unit, currency },
  figure,
}: {
  of: OrganisationBehind;
  on: OrganisationsBehind;
  figure: Figure;
}) {
  const t = useT();
  const locale = useLocale();
  const isOut = figure === "left" || figure === "reason";
  return (
    <span className={styles.amount}>
      {unit === "money" && exact(amount, currency, locale)}
      {unit === "people" && t("growth.people", { count: amount })}
      {unit === "none" && when && day(when, locale)}
      {unit === "money" && when && BY_MONTH.has(figure) && (
        <>
          <br />
          <span className={styles.hint}>
            {t(isOut ? "growth.leftIn" : "growth.beganIn", { when: month(when, locale) })}
          </span>
        </>
      )}
    </span>
  );
}

function Events({
  of,
  which: { figure, quarter, of: what, began },
  organisation,
  onBack,
}: {
  of: GrowthReport;
  which: Which;
  /** None: the figure is of nobody's alone. */
  organisation: OrganisationBehind | null;
  onBack(): void;
}) {
  const t = useT();
  const { api } = useDesk();
  const { name } = of.book;
  const id = organisation?.organisation ?? "";
  const listed = usePages(
    useCallback(
      (after: number) => api.events(name, { figure, quarter, of: what, began }, id, after),
      [api, name, figure, quarter, what, began, id],
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
