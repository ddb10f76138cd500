/** How the server is growing: every figure with its definition, down to the events behind it. */
import { useCallback, useEffect, useState } from "react";

import type { GrowthBook, GrowthReport, SpanShown } from "../../core/api/growth-client";
import { useLocale, useT } from "../../i18n/react";
import { Button, IconButton } from "../../ui/Button";
import { ChevronLeft, ChevronRight, ServerOff } from "../../ui/icons";
import { Segments } from "../../ui/Segments";
import { Select } from "../../ui/Select";
import { Status } from "../../ui/Status";

import { Behind } from "./Behind";
import { BookSettings } from "./BookSettings";
import { Charts } from "./Charts";
import { useAsked, useDesk } from "./desk";
import { Entries } from "./Entries";
import { FiguresShown } from "./FiguresShown";
import styles from "./growth.module.css";
import { Lists } from "./Lists";
import { type Look, LookingProvider } from "./looking";
import { span } from "./said";
import { Ways } from "./Ways";

export { DeskProvider } from "./desk";

const AGAIN_MS = 2000;

export function Growth() {
  const { api } = useDesk();
  const books = useAsked(api.books);
  const [named, setNamed] = useState(() => new URLSearchParams(location.search).get("book") ?? "");
  const { ask } = books;
  const busy = books.value !== null && books.value.under_way.length > 0;
  useEffect(() => {
    if (!busy) return;
    const timer = setInterval(() => void ask(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [busy, ask]);
  if (books.value === null) return <Waiting of={books} />;
  const full = books.value.books.filter(({ empty }) => !empty);
  const missed = books.value.books.find(({ name, empty }) => empty && name === named);
  const chosen =
    full.find(({ name }) => name === named) ?? full.find(({ made_up: made }) => !made) ?? full[0];
  if (!chosen) return <Ways underWay={books.value.under_way} onBegun={() => void ask()} />;
  return (
    <Book
      key={`${chosen.name} ${chosen.currency} ${chosen.year_starts} ${chosen.large}`}
      book={chosen}
      books={full}
      missed={missed}
      underWay={books.value.under_way}
      onChoose={setNamed}
      onChanged={() => void ask()}
    />
  );
}

function Book({
  book,
  books,
  missed,
  underWay,
  onChoose,
  onChanged,
}: {
  book: GrowthBook;
  books: readonly GrowthBook[];
  /** The one that was asked for, where it has no events. */
  missed: GrowthBook | undefined;
  underWay: readonly string[];
  onChoose(name: string): void;
  onChanged(): void;
}) {
  const t = useT();
  const locale = useLocale();
  const { api } = useDesk();
  const [quarter, setQuarter] = useState(() => new URLSearchParams(location.search).get("quarter") ?? "");
  const [look, setLook] = useState<Look | null>(null);
  const told = useAsked(useCallback(() => api.report(book.name, quarter), [api, book.name, quarter]));
  const report = told.value;
  const choose = (id: string) => {
    setQuarter(id);
    history.replaceState(history.state, "", `?${new URLSearchParams({ book: book.name, quarter: id })}`);
  };
  if (report === null) return <Waiting of={told} />;
  const id = report.shown.quarter.id;
  return (
    <div className={styles.page}>
      <div className={styles.head}>
        {book.made_up && (
          <p className={styles.madeUp}>{t("growth.madeUp", { seed: String(book.seed ?? "") })}</p>
        )}
        {books.length > 1 && (
          <div className={styles.select}>
            <Select
              label={t("growth.book")}
              labelHidden
              size={40}
              choices={books.map((one) => ({ id: one.name, word: wordOf(one, t) }))}
              chosen={book.name}
              onChoose={onChoose}
            />
          </div>
        )}
        <Spans report={report} onChoose={choose} />
        <span className={styles.ways}>
          <a className={styles.way} href={api.csv(book.name, "quarters", id)} download>
            {t("growth.csv")}
          </a>
          <a
            className={styles.way}
            href={api.pack(book.name, id, locale === "zh-CN" ? locale : "en")}
            download
          >
            {t("growth.pack")}
          </a>
          <Entries of={book} onChanged={() => void told.ask()} />
          <BookSettings of={book} onChanged={onChanged} />
        </span>
      </div>
      {missed && (
        <p className={styles.hint}>
          {t("growth.emptyBook", { name: wordOf(missed, t), shown: wordOf(book, t) })}
        </p>
      )}
      {report.shown.end < report.shown.quarter.last && (
        <p className={styles.hint}>
          {t("growth.soFar", {
            when: span({ id: "", first: report.shown.end, last: report.shown.end }, locale),
          })}
        </p>
      )}
      <LookingProvider value={setLook}>
        <FiguresShown of={report} />
        <Charts of={report} csv={(table) => api.csv(book.name, table, id)} />
        <Lists of={report} csv={(table) => api.csv(book.name, table, id)} />
      </LookingProvider>
      {books.every((one) => one.made_up) && <Ways underWay={underWay} onBegun={onChanged} isBelow />}
      {look && (
        <Behind
          key={`${look.figure} ${look.quarter} ${look.of} ${look.began}`}
          of={report}
          look={look}
          onLook={setLook}
          onClose={() => setLook(null)}
        />
      )}
    </div>
  );
}

function wordOf(book: GrowthBook, t: ReturnType<typeof useT>): string {
  if (book.title) return book.title;
  return book.name === "own" ? t("growth.ownBook") : book.made_up ? t("growth.demoBook") : book.name;
}

/** A quarter or a year: the one before and after, or any of the list. */
function Spans({ report, onChoose }: { report: GrowthReport; onChoose(id: string): void }) {
  const t = useT();
  const locale = useLocale();
  const { quarters, years, shown } = report;
  const isYear = shown.quarter.id.endsWith("y");
  const spans = isYear ? years : quarters;
  const place = spans.findIndex(({ id }) => id === shown.quarter.id);
  const at = (n: number) => spans[n]?.id;
  const [before, after] = [at(place - 1), at(place + 1)];
  return (
    <div className={styles.spans}>
      <Segments
        label={t("growth.long")}
        choices={[
          { id: "quarter", word: t("growth.quarter") },
          { id: "year", word: t("growth.year") },
        ]}
        chosen={isYear ? "year" : "quarter"}
        onChoose={(long) => onChoose(long === "year" ? `${shown.end}y` : lastOf(quarters, shown.end))}
      />
      <div className={styles.picker}>
        <IconButton
          aria-label={t("growth.before")}
          isDisabled={before === undefined}
          onPress={() => before && onChoose(before)}
        >
          <ChevronLeft size={16} />
        </IconButton>
        <Select
          label={t(isYear ? "growth.year" : "growth.quarter")}
          labelHidden
          size={40}
          choices={spans.toReversed().map((one) => ({ id: one.id, word: span(one, locale) }))}
          chosen={shown.quarter.id}
          onChoose={onChoose}
        />
        <IconButton
          aria-label={t("growth.after")}
          isDisabled={after === undefined}
          onPress={() => after && onChoose(after)}
        >
          <ChevronRight size={16} />
        </IconButton>
      </div>
    </div>
  );
}

function lastOf(quarters: readonly SpanShown[], end: string): string {
  return quarters.findLast(({ first }) => first <= end)?.id ?? "";
}

/** Nothing for 400 ms, then a grey block in the final size; what went wrong has a way out. */
function Waiting({ of: { answer, ask } }: { of: ReturnType<typeof useAsked<unknown>> }) {
  const t = useT();
  const { go } = useDesk();
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 400);
    return () => clearTimeout(timer);
  }, []);
  if (answer === null || answer.kind === "ok")
    return late && <div className={styles.block} aria-busy="true" />;
  const notYours = answer.kind === "refused" && answer.refusal.code === "operator.not_you";
  return (
    <Status
      icon={ServerOff}
      title={t(notYours ? "growth.notYours" : "growth.gone")}
      actions={
        <Button look="primary" size={48} onPress={() => (notYours ? go("/") : void ask())}>
          {t(notYours ? "growth.home" : "growth.again")}
        </Button>
      }
    >
      {t(notYours ? "growth.notYours.why" : "growth.gone.why")}
    </Status>
  );
}
