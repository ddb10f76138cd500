import { useState } from "react";

import { graphemes, nameLimit, tidyName } from "../../core/names";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { useSession, useSheet } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import { TextField } from "../../ui/TextField";

/** One's own name, for everybody, where the hosts let people change it. */
export function RenameDialog() {
  const t = useT();
  const { isOpen, setOpen } = useSheet("rename");
  return (
    <Dialog title={t("people.rename")} isOpen={isOpen} onOpenChange={setOpen}>
      <Form onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function Form({ onDone }: { onDone(): void }) {
  const t = useT();
  const deed = useDeed();
  const session = useSession();
  const [typed, setTyped] = useState(session.you.get().name);
  const name = tidyName(typed);
  const isLong = graphemes(name).length > nameLimit;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name === "" || isLong) return;
        onDone();
        void deed("rename", { name });
      }}
    >
      <TextField
        label={t("people.rename.name")}
        value={typed}
        onChange={setTyped}
        error={isLong && t("people.rename.long", { limit: nameLimit })}
      />
      <DialogButtons>
        <Button onPress={onDone}>{t("people.rename.cancel")}</Button>
        <Button type="submit" look="primary" isDisabled={name === "" || isLong}>
          {t("people.rename.save")}
        </Button>
      </DialogButtons>
    </form>
  );
}
