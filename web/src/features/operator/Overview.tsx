import type { ReactNode } from "react";

import type { Overview as Facts } from "../../core/api/operator-client";
import { size } from "../../core/sizes";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Check, History, type LucideIcon, TriangleAlert, Users } from "../../ui/icons";

import { useDesk } from "./desk";
import styles from "./operator.module.css";
import { day, moment } from "./shown";
import { Told, useTold } from "./Told";

const LITTLE = 5_000_000_000;

/** Four questions in the order in which they matter: does it work, who is there, what breaks next, what changed last. */
export function Overview() {
  const { api } = useDesk();
  const told = useTold(api.overview);
  return <Told of={told}>{(facts) => <Questions facts={facts} onAgain={() => void told.ask()} />}</Told>;
}

function Questions({ facts, onAgain }: { facts: Facts; onAgain(): void }) {
  const t = useT();
  const { go } = useDesk();
  const ill = Object.entries(facts.ill);
  const next = breaksNext(facts);
  return (
    <div className={styles.questions}>
      <Question
        icon={ill.length > 0 ? TriangleAlert : Check}
        bad={ill.length > 0}
        asks={t("operator.works")}
        says={ill.length > 0 ? t("operator.works.ill", { count: ill.length }) : t("operator.works.well")}
        why={ill.map(([part, what]) => `${part}: ${what}`).join(" · ") || t("operator.works.why")}
      >
        <Button look="plain" onPress={onAgain}>
          {t("operator.again")}
        </Button>
      </Question>
      <Question
        icon={Users}
        asks={t("operator.now")}
        says={t("operator.now.counts", { meetings: facts.meetings, people: facts.people })}
        why={t("operator.now.why", { rooms: facts.rooms })}
      />
      <Question
        icon={next ? TriangleAlert : Check}
        bad={next !== null}
        asks={t("operator.next")}
        says={t(next?.id ?? "operator.next.nothing", next?.values)}
        why={facts.certificate ? certificateOf(t, facts.certificate) : t("operator.next.noCertificate")}
      >
        <Button look="plain" onPress={() => go("/operator/checks")}>
          {t("operator.tab.checks")}
        </Button>
      </Question>
      <Question
        icon={History}
        asks={t("operator.last")}
        says={t("operator.last.version", { version: facts.version })}
        why={t("operator.last.since", { time: moment(facts.since) })}
      >
        <Button look="plain" onPress={() => go("/operator/audit")}>
          {t("operator.tab.audit")}
        </Button>
      </Question>
    </div>
  );
}

interface QuestionProps {
  icon: LucideIcon;
  bad?: boolean;
  asks: string;
  says: string;
  why: string;
  children?: ReactNode;
}

function Question({ icon: Icon, bad = false, asks, says, why, children }: QuestionProps) {
  return (
    <section className={styles.question} data-bad={bad || undefined}>
      <h2>
        <Icon size={22} strokeWidth={1.75} aria-hidden="true" />
        {asks}
      </h2>
      <div>
        <p className={styles.says}>{says}</p>
        <p className={styles.hint}>{why}</p>
      </div>
      {children}
    </section>
  );
}

interface Next {
  id: string;
  values?: Record<string, unknown>;
}

/** O2, O4, and what nobody tries any more. */
function breaksNext({ certificate, free_bytes: free, given_up: givenUp }: Facts): Next | null {
  if (certificate?.soon) return { id: "operator.next.certificate", values: { days: certificate.days_left } };
  if (free !== null && free < LITTLE)
    return { id: "operator.next.disk", values: { free: size(Math.max(0, free)) } };
  return givenUp > 0 ? { id: "operator.next.givenUp", values: { count: givenUp } } : null;
}

function certificateOf(t: ReturnType<typeof useT>, one: NonNullable<Facts["certificate"]>): string {
  const values = { names: one.names.join(", "), date: day(one.until) };
  return t(one.ours ? "operator.certificate.ours" : "operator.certificate", values);
}
