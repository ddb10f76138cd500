import { EncryptionBadge } from "./EncryptionBadge";
import styles from "./MiniControls.module.css";
import { CameraButton, MicrophoneButton } from "./OwnButtons";
import { Timer } from "./Timer";

/** Beside the mini-stage, above a sheet on a phone: muting stays one tap away. */
export function MiniControls() {
  return (
    <>
      <div className={styles.state}>
        <EncryptionBadge />
        <Timer />
      </div>
      <div className={styles.own} data-region="bar">
        <MicrophoneButton single />
        <CameraButton single />
      </div>
    </>
  );
}
