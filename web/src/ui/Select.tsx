import { useId } from "react";

import { ChevronDown } from "./icons";
import styles from "./Select.module.css";

export interface SelectProps {
  label: string;
  value: string;
  choices: readonly { id: string; word: string }[];
  onChoose(id: string): void;
}

/** One of many: the browser's own, which every phone turns into a list for thumbs. */
export function Select({ label, value, choices, onChoose }: SelectProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <div className={styles.box}>
        <select
          id={id}
          className={styles.select}
          value={value}
          onChange={(event) => onChoose(event.target.value)}
        >
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.word}
            </option>
          ))}
        </select>
        <ChevronDown className={styles.mark} size={20} strokeWidth={1.75} aria-hidden="true" />
      </div>
    </div>
  );
}
