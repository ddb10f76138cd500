import { useCallback, useEffect, useState } from "react";
import { ToggleButton, ToggleButtonGroup } from "react-aria-components";

import type { Chunk } from "../../core/chunk";
import type { Effects } from "../../core/picture/effects";
import { keep, type OwnPicture, OWN_PICTURES, pictures, remove } from "../../core/picture/shelf";
import { OWN } from "../../core/picture/look";
import type { PrefsStore } from "../../core/prefs/prefs";
import { useT } from "../../i18n/react";
import { Button, IconButton } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { X } from "../../ui/icons";
import { PrefSwitch } from "../../ui/PrefSwitch";
import { Switch } from "../../ui/Switch";
import { useStore } from "../../ui/use-store";

import styles from "./effects.module.css";
import { EffectsNotice } from "./EffectsNotice";

export interface EffectsDialogProps {
  prefs: PrefsStore;
  effects: Chunk<Effects>;
  /** One's own picture as others get it; null while the camera is off. */
  track: MediaStreamTrack | null;
  onClose(): void;
}

/** What stands behind oneself and how one's picture is: seen here as others see it, mirrored if one likes. */
export function EffectsDialog({ prefs, effects, track, onClose }: EffectsDialogProps) {
  const t = useT();
  const { mirrorSelf, hd, lowData } = useStore(prefs);
  const [refused, setRefused] = useState<string>();
  return (
    <Dialog title={t("effects.title")} isOpen size="form" hasCross onOpenChange={(open) => open || onClose()}>
      <div className={styles.columns}>
        <div className={styles.preview} data-mirrored={mirrorSelf || undefined}>
          {track ? (
            <video
              key={track.id}
              ref={(video) => show(video, track)}
              autoPlay
              muted
              playsInline
              aria-hidden="true"
            />
          ) : (
            <p>{t("effects.off")}</p>
          )}
        </div>
        <div className={styles.choices}>
          <Backgrounds prefs={prefs} effects={effects} onRefused={setRefused} />
          {refused && (
            <p className={styles.refused} role="alert">
              {t(`effects.refused.${refused}`)}
            </p>
          )}
          <p className={styles.hint}>{t("effects.stays")}</p>
          <PrefSwitch prefs={prefs} of="liftLight">
            {t("effects.light")}
          </PrefSwitch>
          <PrefSwitch prefs={prefs} of="mirrorSelf">
            {t("effects.mirror")}
          </PrefSwitch>
          <Switch isSelected={hd && !lowData} isDisabled={lowData} onChange={(on) => prefs.set({ hd: on })}>
            {t("effects.hd")}
          </Switch>
          <PrefSwitch prefs={prefs} of="lowData">
            {t("effects.low_data")}
          </PrefSwitch>
        </div>
      </div>
      <EffectsNotice prefs={prefs} effects={effects} />
      <DialogButtons>
        <Button look="primary" onPress={onClose}>
          {t("effects.done")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

interface BackgroundsProps extends Pick<EffectsDialogProps, "prefs" | "effects"> {
  onRefused(why: string | undefined): void;
}

function Backgrounds({ prefs, effects, onRefused }: BackgroundsProps) {
  const t = useT();
  const { background } = useStore(prefs);
  const [own, setOwn] = useState<readonly OwnPicture[]>([]);
  const read = (): void => void pictures().then(setOwn);
  useEffect(read, []);

  /** Nothing changes before it can be made: the camera goes on as it is. */
  async function choose(wanted: string): Promise<void> {
    onRefused(undefined);
    if (wanted === "none") return prefs.set({ background: wanted });
    try {
      await effects.fetch();
      prefs.set({ background: wanted });
    } catch {
      onRefused("code");
    }
  }

  async function add(file: File | undefined): Promise<void> {
    if (!file) return;
    const kept = await keep(file);
    if (typeof kept === "string") return onRefused(kept);
    read();
    await choose(OWN + kept.id);
  }

  async function drop({ id }: OwnPicture): Promise<void> {
    if (background === OWN + id) prefs.set({ background: "blur" });
    await remove(id);
    read();
  }

  return (
    <div className={styles.backgrounds}>
      <ToggleButtonGroup
        className={styles.group ?? ""}
        aria-label={t("effects.background")}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[background]}
        onSelectionChange={([key]) => void (key !== undefined && choose(String(key)))}
      >
        {["none", "soft", "blur"].map((id) => (
          <ToggleButton key={id} id={id} className={styles.tile ?? ""} data-background={id}>
            <span>{t(`effects.background.${id}`)}</span>
          </ToggleButton>
        ))}
        {own.map((picture) => (
          <ToggleButton
            key={picture.id}
            id={OWN + picture.id}
            className={styles.tile ?? ""}
            aria-label={t("effects.background.own", { name: picture.name })}
          >
            <Thumbnail of={picture.blob} />
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      {own.length < OWN_PICTURES && (
        <label className={styles.add}>
          <input
            type="file"
            accept="image/*"
            onChange={({ target }) => {
              void add(target.files?.[0]);
              target.value = "";
            }}
          />
          <span>{t("effects.add")}</span>
        </label>
      )}
      {own.map((picture) =>
        background === OWN + picture.id ? (
          <IconButton
            key={picture.id}
            aria-label={t("effects.remove", { name: picture.name })}
            onPress={() => void drop(picture)}
          >
            <X size={20} strokeWidth={1.75} />
          </IconButton>
        ) : null,
      )}
    </div>
  );
}

function Thumbnail({ of }: { of: Blob }) {
  const draw = useCallback(
    (image: HTMLImageElement | null) => {
      if (!image) return undefined;
      image.src = URL.createObjectURL(of);
      return () => URL.revokeObjectURL(image.src);
    },
    [of],
  );
  return <img ref={draw} alt="" />;
}

function show(video: HTMLVideoElement | null, track: MediaStreamTrack): (() => void) | undefined {
  if (!video) return undefined;
  video.srcObject = new MediaStream([track]);
  void video.play().catch(() => undefined);
  return () => {
    video.srcObject = null;
  };
}
