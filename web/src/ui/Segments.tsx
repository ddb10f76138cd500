import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import styles from "./Segments.module.css";

export interface SegmentsProps<Id extends string> {
  /** What is chosen here; read aloud. */
  label: string;
  choices: readonly { id: Id; word: string; isDisabled?: boolean }[];
  chosen: Id;
  onChoose(id: Id): void;
  /** As wide as a field of a form, and as high. */
  isWide?: boolean;
}

/** One of two to four, all of them in sight. */
export function Segments<Id extends string>({
  label,
  choices,
  chosen,
  onChoose,
  isWide = false,
}: SegmentsProps<Id>) {
  return (
    <ToggleButtonGroup
      className={styles.segments ?? ""}
      data-wide={isWide || undefined}
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const found = choices.find(({ id }) => keys.has(id));
        if (found && found.id !== chosen) onChoose(found.id);
      }}
    >
      {choices.map(({ id, word, isDisabled = false }) => (
        <ToggleButton key={id} id={id} isDisabled={isDisabled} className={styles.segment ?? ""}>
          {word}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
