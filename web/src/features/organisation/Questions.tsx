import { useState } from "react";

import type { QuestionShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";

import { useDeed } from "./asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

/** A meeting of one's own that may come along. */
export interface Coming {
  id: string;
  title: string;
  /** In words. */
  when: string;
}

const nothing: readonly Coming[] = [];

export interface QuestionsProps {
  questions: readonly QuestionShown[];
  coming?: readonly Coming[];
  onAnswered(): void;
}

/** An organisation asks whether one wants to be its member: what a yes means, what a no leaves as it was. */
export function Questions({ questions, coming = nothing, onAnswered }: QuestionsProps) {
  return questions.map((question) => (
    <Question key={question.org} question={question} coming={coming} onAnswered={onAnswered} />
  ));
}

/** As they stand over another page. */
export function Asked(props: QuestionsProps) {
  return (
    <div className={styles.asked}>
      <Questions {...props} />
    </div>
  );
}

interface QuestionProps extends Required<Omit<QuestionsProps, "questions">> {
  question: QuestionShown;
}

function Question({ question, coming, onAnswered }: QuestionProps) {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();
  const [along, setAlong] = useState<ReadonlySet<string>>(new Set());
  const { org, name, domain } = question;

  async function answer(join: boolean) {
    if (await deed.run(() => api.answer(org, join, join ? [...along] : []))) onAnswered();
  }

  return (
    <section className={styles.question} aria-label={t("organisation.question", { name })}>
      <h2>{t("organisation.question", { name })}</h2>
      <p>
        {domain === null
          ? t("organisation.question.invited", { name })
          : t("organisation.question.domain", { name, domain })}
      </p>
      <ul className={styles.facts}>
        <li>{t("organisation.question.seen")}</li>
        <li>{t("organisation.question.rules")}</li>
        <li>{t("organisation.question.no")}</li>
      </ul>
      {coming.length > 0 && (
        <fieldset className={styles.along}>
          <legend>{t("organisation.question.along")}</legend>
          {coming.map(({ id, title, when }) => (
            <Checkbox
              key={id}
              isSelected={along.has(id)}
              onChange={(on) => setAlong((before) => withOne(before, id, on))}
            >
              <bdi>{title}</bdi> <small>{when}</small>
            </Checkbox>
          ))}
        </fieldset>
      )}
      {deed.trouble && <p className={styles.error}>{said(t, deed.trouble)}</p>}
      <div className={styles.row}>
        <Button isDisabled={deed.busy} onPress={() => void answer(true)}>
          {t("organisation.question.join")}
        </Button>
        <Button look="plain" isDisabled={deed.busy} onPress={() => void answer(false)}>
          {t("organisation.question.decline")}
        </Button>
      </div>
    </section>
  );
}

export function withOne(before: ReadonlySet<string>, id: string, on: boolean): ReadonlySet<string> {
  const next = new Set(before);
  if (on) next.add(id);
  else next.delete(id);
  return next;
}
