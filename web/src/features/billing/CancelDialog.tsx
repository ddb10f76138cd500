import { type FormEvent, useState } from "react";

import type { SubscriptionShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/TextField";

import styles from "./billing.module.css";
import { Buttons } from "./Buttons";
import { type Shown, useBilling, useDecision } from "./desk";
import { day } from "../../core/money";
import { wordsOf } from "./trouble";

interface CancelDialogProps extends Shown {
  subscription: SubscriptionShown;
  onClose(): void;
}

/** It says until when all of it holds, and that nobody's data is touched. */
export function CancelDialog({ subscription, onClose, ...shown }: CancelDialogProps) {
  const t = useT();
  const locale = useLocale();
  const { api, org } = useBilling();
  const decision = useDecision(shown);
  const [reason, setReason] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (await decision.decide(() => api.cancel(org, reason.trim(), shown.page.seen))) onClose();
  }

  const last = subscription.until ?? subscription.last;
  return (
    <Dialog title={t("billing.cancel.title")} isOpen onOpenChange={(open) => !open && onClose()}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <p>{t("billing.cancel.text", { day: day(last, locale) })}</p>
        <TextField label={t("billing.cancel.reason")} value={reason} onChange={setReason} maxLength={200} />
        {decision.trouble && <p className={styles.error}>{wordsOf(t, decision.trouble)}</p>}
        <Buttons onClose={onClose}>
          <Button type="submit" look="danger" isDisabled={decision.busy}>
            {t("billing.cancel")}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
