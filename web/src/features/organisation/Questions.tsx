import type { QuestionShown } from "../../core/api/orgs-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";

import { Along, useAlong } from "./Along";
import { useDeed } from "../../ui/asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";
import { said } from "./trouble";

export interface QuestionsProps {
  questions: readonly QuestionShown[];
  onAnswered(): void;
}

/** An organisation asks whether one wants to be its member: what a yes means, what a no leaves as it was. */
export function Questions({ questions, onAnswered }: QuestionsProps) {
  return questions.map((question) => (
    <Question key={question.org} question={question} onAnswered={onAnswered} />
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

function Question({ question, onAnswered }: { question: QuestionShown; onAnswered(): void }) {
  const t = useT();
  const { api } = useDesk();
  const deed = useDeed();
  const along = useAlong();
  const { org, name, domain } = question;

  async function answer(join: boolean) {
    if (await deed.run(() => api.answer(org, join, join ? along.chosen : []))) onAnswered();
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
      <Along name={name} along={along} />
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
