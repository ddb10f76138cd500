import { useEffect, useState } from "react";

import { useT } from "../../i18n/react";
import type { BarSlot } from "../../ui/room/feature";
import { type Form, TINY, useMedia } from "../../ui/room/form";

import styles from "./Bar.module.css";
import { LeaveButton } from "./LeaveButton";
import { MoreButton } from "./MoreButton";
import { CameraButton, MicrophoneButton } from "./OwnButtons";
import { useSlots } from "./slots";

/** The bar never hides and its order never changes; what does not fit moves into More. */
export function Bar({ form }: { form: Form }) {
  const t = useT();
  // The stage comes first, its buttons a moment after: drawn in one go they hold a slow laptop up.
  const [isFilled, setFilled] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setFilled(true));
    return () => clearTimeout(timer);
  }, []);
  return (
    <footer className={styles.bar} data-form={form} data-region="bar" aria-label={t("call.bar")}>
      {isFilled && (form === "desktop" ? <DesktopButtons /> : <PhoneButtons />)}
    </footer>
  );
}

function DesktopButtons() {
  const say = useSlots("say");
  const see = useSlots("see");
  const host = useSlots("host");
  return (
    <>
      <div className={styles.me}>
        <MicrophoneButton />
        <CameraButton />
      </div>
      <div className={styles.middle}>
        {say.map((slot) => (
          <Slot key={slot.id} slot={slot} />
        ))}
        <span className={styles.line} />
        {see.map((slot) => (
          <Slot key={slot.id} slot={slot} />
        ))}
        <MoreButton form="desktop" />
      </div>
      <div className={styles.end}>
        {host.map(({ id, Button }) => (
          <Button key={id} />
        ))}
        <LeaveButton />
      </div>
    </>
  );
}

function PhoneButtons() {
  const slots = useSlots().filter(({ phone }) => phone === "bar");
  return (
    <>
      <MicrophoneButton single />
      <CameraButton single />
      {slots.map((slot) => (
        <PhoneSlot key={slot.id} slot={slot} />
      ))}
      <MoreButton form="portrait" />
      <span className={styles.space} />
      <LeaveButton />
    </>
  );
}

/** What has a place in More gives way first; mute, camera and Leave are always on screen. */
function PhoneSlot({ slot: { Button, More } }: { slot: BarSlot }) {
  const isTiny = useMedia(TINY);
  return isTiny && More ? null : <Button />;
}

function Slot({ slot: { Button, dropsBelow = 0 } }: { slot: BarSlot }) {
  const isDropped = useMedia(`(max-width: ${dropsBelow - 1}px)`);
  return isDropped ? null : <Button />;
}
