import { Fault } from "../Fault";

import { useRoom } from "./context";
import { ordered, type Ordered, type RoomFeature } from "./feature";

/** Everything in one slot, in its order; one that throws is missing, and the others are there. */
export function Slots({ of }: { of: (feature: RoomFeature) => Ordered | undefined }) {
  const { features } = useRoom();
  return ordered(features, of).map(({ Part, order }) => (
    <Fault key={order}>
      <Part />
    </Fault>
  ));
}
