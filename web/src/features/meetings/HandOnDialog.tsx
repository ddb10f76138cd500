import { useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { showToast } from "../../ui/Toast";

import { failed, usePorts } from "./calendar";

export interface HandOnDialogProps {
  meeting: string;
  /** Of whoever shall organise it. */
  invitation: string;
  name: string;
  mails: boolean;
  isOpen: boolean;
  onClose(): void;
  onDone(): void;
}

/** Only who has it then can give it back; so it is asked once more. They are asked as well. */
export function HandOnDialog({
  meeting,
  invitation,
  name,
  mails,
  isOpen,
  onClose,
  onDone,
}: HandOnDialogProps) {
  const t = useT();
  const { api, board } = usePorts();
  const [isBusy, setBusy] = useState(false);
  async function handOn() {
    setBusy(true);
    const answer = await api.passOn(meeting, invitation);
    setBusy(false);
    showToast({ text: answer.kind === "ok" ? t("meetings.owner.done", { name }) : failed(t, answer) });
    if (answer.kind !== "ok") return;
    onClose();
    onDone();
    await board.refresh();
  }
  return (
    <Dialog
      role="alertdialog"
      title={t("meetings.owner.title", { name })}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
    >
      <p>{t("meetings.owner.text", { mails: mails ? "yes" : "no" })}</p>
      <DialogButtons>
        <Button onPress={onClose}>{t("meetings.owner.keep")}</Button>
        <Button look="primary" isPending={isBusy} onPress={() => void handOn()}>
          {t("meetings.owner.make")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
