import { useState } from "react";

import { graphemes, nameLimit, tidyName } from "../core/names";

import { Button } from "./Button";
import { DialogButtons } from "./Dialog";
import { TextField } from "./TextField";

export interface NameFormProps {
  name: string;
  /** Of the field, of both buttons, and what is said of a name that is too long. */
  words: { label: string; save: string; cancel: string; long: string };
  isBusy?: boolean;
  onName(name: string): void;
  onCancel(): void;
}

/** One's own name, changed: none that a server would refuse is sent. */
export function NameForm({ name: before, words, isBusy = false, onName, onCancel }: NameFormProps) {
  const [typed, setTyped] = useState(before);
  const name = tidyName(typed);
  const isLong = graphemes(name).length > nameLimit;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== "" && !isLong && !isBusy) onName(name);
      }}
      noValidate
    >
      <TextField label={words.label} value={typed} onChange={setTyped} error={isLong && words.long} />
      <DialogButtons>
        <Button onPress={onCancel}>{words.cancel}</Button>
        <Button type="submit" look="primary" isPending={isBusy} isDisabled={name === "" || isLong}>
          {words.save}
        </Button>
      </DialogButtons>
    </form>
  );
}
