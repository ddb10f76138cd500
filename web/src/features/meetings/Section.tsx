import type { ReactNode } from "react";

import { pieces } from "../../core/links";

import styles from "./MeetingPage.module.css";

export function Section({ title, children }: { title: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h2 className={styles.title}>{title}</h2>
      {children}
    </section>
  );
}

/** Words of people, with the addresses in them as links that carry no name of ours along. */
export function Linked({ text }: { text: string }) {
  return pieces(text).map((piece, index) =>
    piece.kind === "link" ? (
      // The same piece may come twice; their places are what tells them apart.
      // oxlint-disable-next-line react/no-array-index-key
      <a key={index} href={piece.text} target="_blank" rel="noreferrer">
        {piece.text}
      </a>
    ) : (
      piece.text
    ),
  );
}
