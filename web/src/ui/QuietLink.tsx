import styles from "./QuietLink.module.css";

export interface QuietLinkProps {
  to: string;
  /** In a tab of its own. */
  apart: boolean;
  children: string;
}

/** A way to a page that helps, in the colour of what it stands in. */
export function QuietLink({ to, apart, children }: QuietLinkProps) {
  return (
    <a className={styles.link} href={to} {...(apart && { target: "_blank", rel: "noopener" })}>
      {children}
    </a>
  );
}
