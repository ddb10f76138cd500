import { useState } from "react";

import type { Scope } from "../../core/api/calendar-client";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { showToast } from "../../ui/Toast";

import { failed, usePorts } from "./calendar";
import { ScopeChoice } from "./ScopeChoice";

export interface CancelDialogProps {
  meeting: string;
  /** The one of a series that is meant. */
  at?: string | undefined;
  title: string;
  mails: boolean;
  isOpen: boolean;
  onClose(): void;
}

/** Everybody invited is told by mail, where there is mail; so it is asked once more. */
export function CancelDialog({ meeting, at, title, mails, isOpen, onClose }: CancelDialogProps) {
  const t = useT();
  const { api, board } = usePorts();
  const [scope, setScope] = useState<Scope>(at === undefined ? "all" : "this");
  const [isBusy, setBusy] = useState(false);
  async function cancel() {
    setBusy(true);
    const answer = await api.cancel(meeting, scope, scope === "all" ? undefined : at);
    setBusy(false);
    showToast({ text: answer.kind === "ok" ? t("meetings.cancel.done", { title }) : failed(t, answer) });
    if (answer.kind !== "ok") return;
    onClose();
    await board.refresh();
  }
  return (
    <Dialog
      role="alertdialog"
      title={t("meetings.cancel.title", { title })}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
    >
      {at !== undefined && <ScopeChoice scope={scope} onScope={setScope} />}
      <p>{t("meetings.cancel.text", { scope, mails: mails ? "yes" : "no" })}</p>
      <DialogButtons>
        <Button onPress={onClose}>{t("meetings.cancel.keep")}</Button>
        <Button look="danger" isPending={isBusy} onPress={() => void cancel()}>
          {t("meetings.cancel.do")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}
