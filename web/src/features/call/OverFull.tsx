import { createPortal } from "react-dom";

import { useAloneOnScreen } from "../../ui/full-screen";

import styles from "./OverFull.module.css";
import { CameraButton, MicrophoneButton } from "./OwnButtons";

/** Over a picture or a share that fills the screen: whether one is heard and seen is never out of sight. */
export function OverFull() {
  const alone = useAloneOnScreen();
  return (
    alone &&
    createPortal(
      <div className={styles.own}>
        <MicrophoneButton single />
        <CameraButton single />
      </div>,
      alone,
    )
  );
}
