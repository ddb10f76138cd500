import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import styles from "./Toggles.module.css";

export interface TogglesProps<Id extends string> {
  label: string;
  choices: readonly { id: Id; word: string }[];
  chosen: readonly Id[];
  onChoose(ids: Id[]): void;
}

/** Any of a few, all of them in sight: the days of a week. */
export function Toggles<Id extends string>({ label, choices, chosen, onChoose }: TogglesProps<Id>) {
  return (
    <ToggleButtonGroup
      className={styles.toggles ?? ""}
      aria-label={label}
      selectionMode="multiple"
      selectedKeys={chosen}
      onSelectionChange={(keys) => onChoose(choices.map(({ id }) => id).filter((id) => keys.has(id)))}
    >
      {choices.map(({ id, word }) => (
        <ToggleButton key={id} id={id} className={styles.toggle ?? ""}>
          {word}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
