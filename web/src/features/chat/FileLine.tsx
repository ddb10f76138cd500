import { useEffect, useState } from "react";
import { Button } from "react-aria-components";

import { isDrawable, read, SHOWN } from "../../core/preview";
import { size } from "../../core/sizes";
import { useT } from "../../i18n/react";
import { Dialog } from "../../ui/Dialog";
import { Download, FileText } from "../../ui/icons";
import { useSession } from "../../ui/room/context";
import { showToast } from "../../ui/Toast";

import styles from "./chat.module.css";
import { filesOf } from "./parcels";
import { offer } from "./save";
import type { Attached } from "./state";

/**
 * A file that somebody brought. Its picture is small and was made by who sent it; the file itself comes when one asks for
 * it, and is kept, never opened in a page.
 */
export function FileLine({ file }: { file: Attached }) {
  const t = useT();
  const { isBusy, save } = useSaving(file);
  const [isShown, setShown] = useState(false);
  const details = (
    <>
      <bdi className={styles.fileName}>{file.name}</bdi>
      <span className={styles.fileSize}>{isBusy ? t("chat.file.fetching") : size(file.size)}</span>
    </>
  );
  return (
    <div className={styles.file}>
      {file.preview && SHOWN.test(file.type) && (
        <Preview
          id={file.preview.id}
          width={file.preview.width}
          height={file.preview.height}
          label={t("chat.file.show", { name: file.name })}
          onPress={() => setShown(true)}
        />
      )}
      <Button className={styles.fileRow ?? ""} isDisabled={isBusy} onPress={() => void save()}>
        <FileText size={20} strokeWidth={1.75} aria-hidden="true" />
        <span className={styles.fileWords}>
          <span className="visually-hidden">{t("chat.file.save")} </span>
          {details}
        </span>
        <Download size={16} aria-hidden="true" />
      </Button>
      {isShown && <Viewer file={file} onClose={() => setShown(false)} onSave={() => void save()} />}
    </div>
  );
}

function useSaving({ id, name }: Attached): { isBusy: boolean; save(): Promise<void> } {
  const t = useT();
  const session = useSession();
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    const answer = await filesOf(session).fetch(id);
    setBusy(false);
    if (answer.kind === "ok") offer(name, answer.value);
    else
      showToast({ text: t(answer.kind === "refused" ? "chat.file.gone" : "chat.file.unfetched", { name }) });
  };
  return { isBusy, save };
}

/** The address of what was fetched, while it is drawn. */
function useFetched(id: string, type: string): string | null | undefined {
  const session = useSession();
  const [address, setAddress] = useState<string | null>();
  useEffect(() => {
    const ending = new AbortController();
    let made: string | undefined;
    void (async () => {
      const answer = await filesOf(session).fetch(id, ending.signal);
      if (ending.signal.aborted) return;
      if (answer.kind !== "ok") return setAddress(null);
      made = URL.createObjectURL(new Blob([answer.value], { type }));
      setAddress(made);
    })();
    return () => {
      ending.abort();
      if (made) URL.revokeObjectURL(made);
    };
  }, [session, id, type]);
  return address;
}

interface PreviewProps {
  id: string;
  width: number;
  height: number;
  label: string;
  onPress(): void;
}

function Preview({ id, width, height, label, onPress }: PreviewProps) {
  const address = useFetched(id, "image/jpeg");
  if (address === null) return null;
  return (
    <Button className={styles.preview ?? ""} aria-label={label} onPress={onPress}>
      <img src={address ?? EMPTY} alt="" width={width} height={height} />
    </Button>
  );
}

/** Its place is there before it is. */
const EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=";

interface ViewerProps {
  file: Attached;
  onClose(): void;
  onSave(): void;
}

function Viewer({ file, onClose, onSave }: ViewerProps) {
  const t = useT();
  const address = useFetched(file.id, file.type);
  const [isTooLarge, setTooLarge] = useState(false);
  const [isRead, setRead] = useState(false);
  useEffect(() => {
    if (!address) return;
    void read(address).then(
      (picture) => (isDrawable(picture) ? setRead(true) : setTooLarge(true)),
      () => setTooLarge(true),
    );
  }, [address]);
  return (
    <Dialog hasCross isWide title={file.name} isOpen onOpenChange={(open) => !open && onClose()}>
      <div className={styles.viewer}>
        {address && isRead && <img src={address} alt={file.name} />}
        {!isRead && (
          <p role="status">
            {t(
              isTooLarge ? "chat.file.unshown" : address === null ? "chat.file.gone" : "chat.file.fetching",
              { name: file.name },
            )}
          </p>
        )}
      </div>
      <Button className={styles.action ?? ""} onPress={onSave}>
        {t("chat.file.save")}
      </Button>
    </Dialog>
  );
}
