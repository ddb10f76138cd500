import { type FormEvent, useState } from "react";

import type { SubscriptionShown } from "../../core/api/billing-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/TextField";
import { useDeed } from "../../ui/asking";

import styles from "./billing.module.css";
import { Buttons } from "./Buttons";
import { type Shown, useBilling } from "./desk";
import { day } from "../../core/money";
import { wordsOf } from "./trouble";

interface CancelDialogProps extends Shown {
  subscription: SubscriptionShown;
  onClose(): void;
}

/** It says until when all of it holds, and that nobody's data is touched. */
export function CancelDialog({ page, onChanged, subscription, onClose }: CancelDialogProps) {
  const t = useT();
  const locale = useLocale();
  const { api, org } = useBilling();
  const deed = useDeed();
  const [reason, setReason] = useState("");

  async function submit(event: FormEvent) {
    event.preventDefault();
    const done = await deed.run(() => api.cancel(org, reason.trim(), page.seen));
    if (!done) return;
    onChanged(done.value);
    onClose();
  }

  const last = subscription.until ?? subscription.last;
  return (
    <Dialog title={t("billing.cancel.title")} isOpen onOpenChange={(open) => !open && onClose()}>
      <form className={styles.form} onSubmit={(event) => void submit(event)} noValidate>
        <p>{t("billing.cancel.text", { day: day(last, locale) })}</p>
        <TextField label={t("billing.cancel.reason")} value={reason} onChange={setReason} maxLength={200} />
        {deed.trouble && <p className={styles.error}>{wordsOf(t, deed.trouble)}</p>}
        <Buttons onClose={onClose}>
          <Button type="submit" look="danger" isDisabled={deed.busy}>
            {t("billing.cancel")}
          </Button>
        </Buttons>
      </form>
    </Dialog>
  );
}
