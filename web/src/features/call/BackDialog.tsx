import { useEffect, useState } from "react";

import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Dialog, DialogButtons } from "../../ui/Dialog";
import { useMay, useSession } from "../../ui/room/context";

import { HostLeaves } from "./HostLeaves";

const HERE = "in a meeting";

/**
 * Back, a gesture of the thumb on a phone, asks before it hangs up. For that the room stands in the history as an entry
 * of its own: to go back from it is to come out where the same page was. The entry goes when the room does.
 */
export function BackDialog() {
  const t = useT();
  const session = useSession();
  const isHost = useMay("host");
  const [isAsking, setAsking] = useState(false);
  useEffect(() => {
    stand();
    const back = (): void => {
      if (isHere()) return;
      stand();
      setAsking(true);
    };
    addEventListener("popstate", back);
    return () => {
      removeEventListener("popstate", back);
      if (isHere()) history.back();
    };
  }, []);
  return (
    <Dialog isOpen={isAsking} role="alertdialog" title={t("call.back.title")} onOpenChange={setAsking}>
      {isHost && (
        <div>
          <HostLeaves />
        </div>
      )}
      <DialogButtons>
        <Button onPress={() => setAsking(false)}>{t("call.back.stay")}</Button>
        {!isHost && (
          <Button look="leave" onPress={() => session.leave()}>
            {t("call.leave.alone")}
          </Button>
        )}
      </DialogButtons>
    </Dialog>
  );
}

function stand(): void {
  if (!isHere()) history.pushState(HERE, "");
}

function isHere(): boolean {
  return history.state === HERE;
}
