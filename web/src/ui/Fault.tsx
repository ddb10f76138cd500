import { Component, type ReactNode } from "react";

import { useT } from "../i18n/react";

import { Button } from "./Button";
import styles from "./Part.module.css";

export interface FaultProps {
  children: ReactNode;
  /** `words`: says so in its place, with a way to try again. `nothing`: a mark that fails is a mark less. */
  leaves?: "words" | "nothing";
  /** Something else in its place. */
  instead?: (again: () => void) => ReactNode;
  /** Another of these is another part, which has not failed. */
  of?: string;
}

/** One fault stays one: what throws while it is drawn ends here, and everything around it goes on. */
export class Fault extends Component<FaultProps, { failed: boolean; of: string | undefined }> {
  override state = { failed: false, of: this.props.of };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  static getDerivedStateFromProps({ of }: FaultProps, state: { of: string | undefined }) {
    return of === state.of ? null : { of, failed: false };
  }

  override render() {
    const { children, leaves = "nothing", instead } = this.props;
    if (!this.state.failed) return children;
    const again = (): void => this.setState({ failed: false });
    if (instead) return instead(again);
    return leaves === "words" ? <Broken onRetry={again} /> : null;
  }
}

/** P8 */
function Broken({ onRetry }: { onRetry(): void }) {
  const t = useT();
  return (
    <div className={styles.part} role="alert">
      <p className={styles.title}>{t("ui.part.broken")}</p>
      <p className={styles.words}>{t("ui.part.broken.text")}</p>
      <Button onPress={onRetry}>{t("ui.part.again")}</Button>
    </div>
  );
}
