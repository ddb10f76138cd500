import { type DragEvent, useRef, useState } from "react";

import { useT } from "../../i18n/react";
import { useAccount } from "../../ui/account";
import { Avatar } from "../../ui/Avatar";
import { Button } from "../../ui/Button";

import { CropDialog } from "./CropDialog";
import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { Outcome, Part } from "./Part";
import styles from "./picture.module.css";

const kinds = "image/jpeg,image/png,image/webp";

/** Chosen or dropped here, cut to a square, sent small. What others see is what the server drew of it. */
export function PicturePart() {
  const t = useT();
  const account = useAccount();
  const { api, is } = useDesk();
  const deed = useDeed();
  const field = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const [image, setImage] = useState<ImageBitmap | null>(null);
  const [saved, setSaved] = useState(false);

  async function open(file: File | undefined) {
    if (!file) return;
    setSaved(false);
    deed.forget();
    const opened = await createImageBitmap(file).catch(() => null);
    if (opened) setImage(opened);
    else deed.fail({ code: "picture.unreadable", params: {} });
  }

  async function keep(picture: Blob) {
    setImage(null);
    const done = await deed.run(() => api.changePicture(picture));
    if (done) is(done.value);
    setSaved(done !== undefined);
  }

  async function remove() {
    setSaved(false);
    if (await deed.run(api.removePicture)) is({ ...account, picture: null });
  }

  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void open(event.dataTransfer.files[0]);
  }

  return (
    <Part title={t("account.picture")} hint={t("account.picture.hint")}>
      <div
        className={styles.place}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Avatar id={account.id} name={account.name} picture={account.picture} size={72} />
        <div className={styles.deeds}>
          <Button isPending={deed.busy} onPress={() => field.current?.click()}>
            {t(account.picture ? "account.picture.other" : "account.picture.choose")}
          </Button>
          {account.picture && (
            <Button look="plain" onPress={() => void remove()}>
              {t("account.picture.remove")}
            </Button>
          )}
        </div>
        <input
          ref={field}
          type="file"
          accept={kinds}
          hidden
          aria-label={t("account.picture.choose")}
          onChange={(event) => {
            void open(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      <Outcome deed={deed} saved={saved} />
      {image && <CropDialog image={image} onEnd={(cut) => (cut ? void keep(cut) : setImage(null))} />}
    </Part>
  );
}
