import type { ReactNode } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from "react-aria-components";

import { Check, ChevronDown } from "./icons";
import styles from "./Select.module.css";

export interface Choice<Id extends string> {
  id: Id;
  word: string;
  /** What choosing it means, under its words. */
  hint?: string;
  isDisabled?: boolean;
}

export interface SelectProps<Id extends string> {
  label: string;
  /** Where a word beside the row says it already; the label is then only read aloud. */
  labelHidden?: boolean;
  choices: readonly Choice<Id>[];
  chosen: Id;
  onChoose(id: Id): void;
  hint?: ReactNode;
  size?: 40 | 48;
  isDisabled?: boolean;
}

/** One of a list that isn't in sight: a field like the others, whose list opens below. */
export function Select<Id extends string>({
  label,
  labelHidden = false,
  choices,
  chosen,
  onChoose,
  hint,
  size = 48,
  isDisabled = false,
}: SelectProps<Id>) {
  return (
    <AriaSelect
      className={styles.select ?? ""}
      value={chosen}
      isDisabled={isDisabled}
      onChange={(key) => {
        const found = choices.find(({ id }) => id === key);
        if (found) onChoose(found.id);
      }}
    >
      <Label className={labelHidden ? "visually-hidden" : (styles.label ?? "")}>{label}</Label>
      <Button className={styles.button ?? ""} data-size={size}>
        <SelectValue className={styles.value ?? ""}>
          {choices.find(({ id }) => id === chosen)?.word ?? ""}
        </SelectValue>
        <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
      </Button>
      {hint !== undefined && (
        <Text slot="description" className={styles.hint ?? ""}>
          {hint}
        </Text>
      )}
      <Popover className={styles.popover ?? ""} offset={4}>
        <ListBox className={styles.list ?? ""} items={choices}>
          {({ id, word, hint: meaning, isDisabled: isBarred = false }) => (
            <ListBoxItem id={id} textValue={word} isDisabled={isBarred} className={styles.item ?? ""}>
              <Text slot="label" className={styles.word ?? ""}>
                {word}
              </Text>
              {meaning !== undefined && (
                <Text slot="description" className={styles.meaning ?? ""}>
                  {meaning}
                </Text>
              )}
              <Check size={16} className={styles.tick} aria-hidden="true" />
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
