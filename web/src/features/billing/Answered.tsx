import { useT } from "../../i18n/react";
import { type AskedProps, Answered as Drawn, type RefusedProps } from "../../ui/Answered";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { wordsOf } from "./trouble";

export function Answered<T>({ asked, onRetry, children }: AskedProps<T>) {
  return (
    <Drawn asked={asked} onRetry={onRetry} refused={Refused}>
      {children}
    </Drawn>
  );
}

function Refused({ refusal }: RefusedProps) {
  const t = useT();
  return <Status icon={CircleAlert} title={wordsOf(t, refusal) ?? ""} />;
}
