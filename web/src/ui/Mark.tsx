import type { LogoShown } from "../core/api/branding-client";

import styles from "./Mark.module.css";

export interface MarkProps {
  name: string;
  logo: LogoShown | null;
}

/** Whose meeting it is, beside the brand: its name in words, with its logo where there is one. */
export function Mark({ name, logo }: MarkProps) {
  return (
    <span className={styles.mark}>
      {logo && <img className={styles.logo} src={logo.url} width={logo.width} height={logo.height} alt="" />}
      <bdi className={styles.name}>{name}</bdi>
    </span>
  );
}
