import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import { useT } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { useMe, useSelected, useSession } from "../../ui/room/context";

import { useHold } from "./hold";
import styles from "./ShareBanner.module.css";

/** While I share: what it is, whether it is sent as text or as motion, and its end. */
export function ShareBanner() {
  const t = useT();
  const { media } = useSession();
  const isSharing = useSelected(media.state, ({ own }) => own.sharing);
  const what = useSelected(media.state, ({ own }) => own.shareSurface);
  if (!isSharing) return null;
  return (
    <Banner
      tone="info"
      icon={<Thumbnail />}
      actions={
        <span className={styles.actions}>
          <Kind />
          <Sound />
          <Button size={32} look="leave" onPress={() => media.own.stopSharing()}>
            {t("call.share.stop")}
          </Button>
        </span>
      }
    >
      {t("call.share.yours", { what })}
    </Banner>
  );
}

function Kind() {
  const t = useT();
  const { media } = useSession();
  const chosen = useSelected(media.state, ({ own }) => own.shareKind);
  return (
    <ToggleButtonGroup
      className={styles.kinds ?? ""}
      aria-label={t("call.share.kind")}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => media.own.setShareKind(keys.has("motion") ? "motion" : "text")}
    >
      {(["text", "motion"] as const).map((kind) => (
        <ToggleButton key={kind} id={kind} className={styles.kind ?? ""}>
          {t(`call.share.${kind}`)}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}

function Sound() {
  const t = useT();
  const { media } = useSession();
  const sound = useSelected(media.state, ({ own }) => own.shareSound);
  if (sound === "none") return null;
  return (
    <Button size={32} look="plain" onPress={() => media.own.setShareSound(sound === "off")}>
      {t(`call.share.sound.${sound}`)}
    </Button>
  );
}

/** One's own share is not shown on the stage, where it would mirror itself without end. */
function Thumbnail() {
  const t = useT();
  const me = useMe();
  const hold = useHold(me, "screen");
  return <span ref={hold} className={styles.thumbnail} role="img" aria-label={t("call.share.thumbnail")} />;
}
