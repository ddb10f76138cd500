import type { Travel } from "../core/journey/travel";
import { Fault } from "../ui/Fault";
import type { Gate } from "../ui/gate";

/** Every folder with a `gate.tsx` is asked: to add one touches its own folder and nothing here. */
const found = import.meta.glob<{ gate: Gate }>("../features/*/gate.tsx", { eager: true });
export const gates: readonly Gate[] = Object.values(found).map(({ gate }) => gate);

export interface GatedProps {
  /** The one that is asked. */
  name: string | undefined;
  gates: readonly Gate[];
  travel: Pick<Travel, "passed" | "back">;
}

/** A gate that breaks lets nobody through: it says so in its place. */
export function Gated({ name = "", gates: all, travel }: GatedProps) {
  const gate = all.find((each) => each.name === name);
  return (
    gate && (
      <Fault leaves="words" of={name}>
        <gate.Ask onPass={() => travel.passed(name)} onBack={travel.back} />
      </Fault>
    )
  );
}
