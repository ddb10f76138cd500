import { useT } from "../../../i18n/react";
import { type AskedProps, Answered as Drawn, type RefusedProps } from "../../../ui/Answered";
import { Button } from "../../../ui/Button";
import { CircleAlert } from "../../../ui/icons";
import { Status } from "../../../ui/Status";

import { AT, useSelling } from "./desk";
import { wordsOf } from "./trouble";

export function Answered<T>({ asked, onRetry, children }: AskedProps<T>) {
  return (
    <Drawn asked={asked} onRetry={onRetry} refused={Refused}>
      {children}
    </Drawn>
  );
}

/** Who wasn't asked who they are is asked again; anybody else is led to where they may be. */
function Refused({ refusal, onRetry }: RefusedProps) {
  const t = useT();
  const { go } = useSelling();
  const way = wayOf(refusal.code);
  return (
    <Status
      icon={CircleAlert}
      title={wordsOf(t, refusal)}
      actions={
        <Button look="primary" size={48} onPress={() => (way === null ? onRetry() : go(way))}>
          {t(
            way === null
              ? "refused.gone.again"
              : way === AT
                ? "billing.selling.back"
                : "billing.selling.home",
          )}
        </Button>
      }
    />
  );
}

/** null: asking once more may help. */
function wayOf(code: string): string | null {
  if (code === "account.prove_again") return null;
  return code === "operator.not_you" ? "/" : AT;
}
