import { worn } from "../../core/branding/worn";
import { Mark } from "../../ui/Mark";
import { useStore } from "../../ui/use-store";

import styles from "./branded.module.css";

/** Whose meeting it is, in the room's corner. In the room's own colours: they say how safe it is, and who leads. */
export function Corner() {
  const { branding } = useStore(worn);
  if (!branding) return null;
  return (
    <div className={styles.corner} data-logo={branding.logo !== null}>
      <Mark name={branding.name} logo={branding.logo} />
    </div>
  );
}
