import { useCallback, useState } from "react";

import { useT } from "../../i18n/react";
import { Checkbox } from "../../ui/Checkbox";

import { useAsked } from "../../ui/asking";
import { useDesk } from "./desk";
import styles from "./organisation.module.css";

const nothing: readonly string[] = [];

/** Those of one's coming meetings that one lets come along: none, until one says so. */
export function useAlong() {
  const { coming } = useDesk();
  const [asked] = useAsked(useCallback(() => coming(), [coming]));
  const [chosen, setChosen] = useState<readonly string[]>(nothing);
  return { coming: asked.at === "here" ? asked.value : [], chosen, setChosen };
}

/** Asks for each, and for all of several at once. */
export function Along({ name, along }: { name: string; along: ReturnType<typeof useAlong> }) {
  const t = useT();
  const { coming, chosen, setChosen } = along;
  if (coming.length === 0) return null;
  const all = coming.map(({ id }) => id);
  return (
    <fieldset className={styles.along}>
      <legend>{t("organisation.question.along")}</legend>
      <p className={styles.note}>{t("organisation.question.along.hint", { name })}</p>
      {coming.length > 1 && (
        <Checkbox
          isSelected={chosen.length === all.length}
          isIndeterminate={chosen.length > 0 && chosen.length < all.length}
          onChange={(on) => setChosen(on ? all : nothing)}
        >
          {t("organisation.question.along.all", { count: coming.length })}
        </Checkbox>
      )}
      <div className={styles.alongList}>
        {coming.map(({ id, title, when, repeats }) => (
          <Checkbox
            key={id}
            isSelected={chosen.includes(id)}
            onChange={(on) => setChosen(all.filter((one) => (one === id ? on : chosen.includes(one))))}
          >
            <bdi>{title || t("organisation.untitled")}</bdi>{" "}
            <small>{repeats ? t("organisation.question.along.repeats", { when }) : when}</small>
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
