import { type PointerEvent, useEffect, useRef, useState } from "react";

import { closest, type Crop, pulled, settled, squareOf, whole } from "../../core/account/crop";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";

import styles from "./picture.module.css";

/** Pixels of what is sent: more than is kept, so that the server has something to choose from. */
const SENT = 512;
interface CropProps {
  image: ImageBitmap;
  /** Nothing: let it be. */
  onEnd(cut: Blob | null): void;
}

/** What one sees is what is sent: the same canvas. Moved by hand, or by the arrow keys on sliders that only they reach. */
export function CropDialog({ image, onEnd }: CropProps) {
  const t = useT();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [crop, setCrop] = useState<Crop>(whole);
  const held = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => {
    const pen = canvas.current?.getContext("2d");
    const { left, top, side } = squareOf(image, crop);
    if (!pen) return;
    pen.imageSmoothingQuality = "high";
    pen.fillStyle = "white"; // as the server has it behind what can be seen through
    pen.fillRect(0, 0, SENT, SENT);
    pen.drawImage(image, left, top, side, side, 0, 0, SENT, SENT);
  }, [image, crop]);

  function set(change: Partial<Crop>) {
    setCrop((before) => settled(image, { ...before, ...change }));
  }

  function move(event: PointerEvent<HTMLCanvasElement>) {
    if (!held.current) return;
    const across = event.currentTarget.clientWidth;
    const [dx, dy] = [event.clientX - held.current.x, event.clientY - held.current.y];
    held.current = { x: event.clientX, y: event.clientY };
    setCrop((before) => pulled(image, before, dx / across, dy / across));
  }

  return (
    <Dialog title={t("account.picture.cut")} isOpen onOpenChange={(open) => !open && onEnd(null)}>
      <div className={styles.cutting}>
        <Slide word={t("account.picture.aside")} value={crop.x} onSlide={(x) => set({ x })} />
        <Slide word={t("account.picture.above")} value={crop.y} onSlide={(y) => set({ y })} />
        <canvas
          ref={canvas}
          className={styles.cut}
          width={SENT}
          height={SENT}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            held.current = { x: event.clientX, y: event.clientY };
          }}
          onPointerMove={move}
          onPointerUp={() => (held.current = null)}
          onPointerCancel={() => (held.current = null)}
        />
      </div>
      <p className={styles.hint}>{t("account.picture.move")}</p>
      <label className={styles.zoom}>
        {t("account.picture.zoom")}
        <input
          type="range"
          min={1}
          max={closest}
          step={0.05}
          value={crop.zoom}
          onChange={(event) => set({ zoom: Number(event.target.value) })}
        />
      </label>
      <DialogButtons>
        <Button onPress={() => onEnd(null)}>{t("account.cancel")}</Button>
        <Button look="primary" onPress={() => canvas.current?.toBlob(onEnd, "image/webp", 0.92)}>
          {t("account.picture.use")}
        </Button>
      </DialogButtons>
    </Dialog>
  );
}

function Slide({ word, value, onSlide }: { word: string; value: number; onSlide(to: number): void }) {
  return (
    <input
      className={styles.slide}
      type="range"
      aria-label={word}
      min={0}
      max={1}
      step={0.02}
      value={value}
      onChange={(event) => onSlide(Number(event.target.value))}
    />
  );
}
