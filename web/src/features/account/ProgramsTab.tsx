import { ApiKeys } from "./ApiKeys";
import { useDesk } from "./desk";
import { Webhooks } from "./Webhooks";

/** What programs do in one's name, and what they are told. */
export function ProgramsTab() {
  const { webhooks } = useDesk();
  return (
    <>
      <ApiKeys />
      <Webhooks api={webhooks} />
    </>
  );
}
