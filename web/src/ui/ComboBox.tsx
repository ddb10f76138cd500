import { useMemo, useState } from "react";
import {
  Button,
  ComboBox as AriaComboBox,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Text,
} from "react-aria-components";

import { ChevronDown } from "./icons";
import styles from "./ComboBox.module.css";
import list from "./Select.module.css";

export interface Entry {
  id: string;
  /** In the field. */
  word: string;
  /** In the list, before what it means; the field's own word where it is left out. */
  long?: string;
  hint?: string;
  /** What finds it besides its words. */
  also?: string;
}

export interface ComboBoxProps {
  label: string;
  labelHidden?: boolean;
  entries: readonly Entry[];
  chosen: string;
  onChoose(id: string): void;
  /** Said where nothing fits what was typed. */
  nothing: string;
  /** Somebody is about to look at the list: the rest of it may be made now. */
  onWanted?: () => void;
}

/** Enough to see that one has to type on. */
const SHOWN = 50;

/** One of so many that one types some letters of it. What was typed and not chosen is taken back. */
export function ComboBox({
  label,
  labelHidden = false,
  entries,
  chosen,
  onChoose,
  nothing,
  onWanted,
}: ComboBoxProps) {
  const word = entries.find(({ id }) => id === chosen)?.word ?? chosen;
  const [typed, setTyped] = useState<string | null>(null);
  const found = useMemo(() => (typed === null ? entries : matching(entries, typed)), [entries, typed]);
  return (
    <AriaComboBox
      className={list.select ?? ""}
      items={found.slice(0, SHOWN)}
      inputValue={typed ?? word}
      value={chosen}
      menuTrigger="focus"
      allowsEmptyCollection
      onInputChange={(text) => setTyped(text === word ? null : text)}
      onChange={(key) => {
        if (key !== null) onChoose(String(key));
        setTyped(null);
      }}
      onOpenChange={(isOpen) => {
        if (!isOpen) setTyped(null);
      }}
    >
      <Label className={labelHidden ? "visually-hidden" : (list.label ?? "")}>{label}</Label>
      <div className={styles.field}>
        <Input
          className={styles.input ?? ""}
          onFocus={(event) => {
            event.target.select();
            onWanted?.();
          }}
        />
        <Button className={styles.open ?? ""}>
          <ChevronDown size={16} strokeWidth={1.75} aria-hidden="true" />
        </Button>
      </div>
      <Popover className={list.popover ?? ""} offset={4}>
        <ListBox<Entry>
          className={list.list ?? ""}
          renderEmptyState={() => <p className={styles.nothing}>{nothing}</p>}
        >
          {({ id, word: short, long = short, hint }) => (
            <ListBoxItem id={id} textValue={long} className={list.item ?? ""}>
              <Text slot="label" className={list.word ?? ""}>
                {long}
              </Text>
              {hint !== undefined && (
                <Text slot="description" className={list.meaning ?? ""}>
                  {hint}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}

/** Every word that was typed is somewhere in it, in whatever order. */
export function matching(entries: readonly Entry[], typed: string): readonly Entry[] {
  const words = folded(typed).split(/\s+/).filter(Boolean);
  return entries.filter(({ word, long = "", hint = "", also = "" }) => {
    const text = folded(`${word} ${long} ${hint} ${also}`);
    return words.every((each) => text.includes(each));
  });
}

function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
