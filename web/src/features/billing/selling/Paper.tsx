import { useCallback, useState } from "react";

import type { DocumentLooked } from "../../../core/api/selling-client";
import { useT } from "../../../i18n/react";
import { useAsked } from "../../../ui/asking";
import { Button } from "../../../ui/Button";

import { Sheet } from "../DocumentPage";

import { Answered } from "./Answered";
import { useSelling } from "./desk";
import { CorrectionDialog, PaymentDialog } from "./Money";

/** An invoice or a credit note as it was sent, and what can be said of it. */
export function Paper({ number }: { number: string }) {
  const { api } = useSelling();
  const [asked, reload] = useAsked(useCallback(() => api.document(number), [api, number]));
  return (
    <Answered asked={asked} onRetry={reload}>
      {(document) => <Looked of={document} onChanged={reload} />}
    </Answered>
  );
}

function Looked({ of, onChanged }: { of: DocumentLooked; onChanged(): void }) {
  const t = useT();
  const [doing, does] = useState<"payment" | "correction" | null>(null);
  const ends = {
    onSaid: () => {
      does(null);
      onChanged();
    },
    onClose: () => does(null),
  };
  return (
    <>
      <Sheet of={of}>
        {of.correctable > 0 && (
          <Button onPress={() => does("correction")}>{t("billing.selling.correction.make")}</Button>
        )}
        {of.left > 0 && (
          <Button look="primary" onPress={() => does("payment")}>
            {t("billing.selling.payment.title")}
          </Button>
        )}
      </Sheet>
      {doing === "payment" && <PaymentDialog open={[of]} isPastDue={false} {...ends} />}
      {doing === "correction" && <CorrectionDialog of={of} {...ends} />}
    </>
  );
}
