import { useRef, useState, type FormEvent, type ReactNode } from "react";

import type { DeviceStore } from "../../core/devices/devices";
import { obstacle as findObstacle } from "../../core/devices/state";
import { readPasscode, spellNumber } from "../../core/invitation/parse";
import { isImeKey } from "../../core/keyboard";
import { graphemes, nameLimit, tidyName } from "../../core/names";
import type { FieldNotice } from "../../core/journey/journey";
import { timeOfDay } from "../../core/times";
import { useT, type Translate } from "../../i18n/react";
import { Banner } from "../../ui/Banner";
import { Button } from "../../ui/Button";
import { CheckLink } from "../../ui/CheckLink";
import foyer from "../../ui/Foyer.module.css";
import { TextField } from "../../ui/TextField";
import { useStore } from "../../ui/use-store";

import { DeviceRow } from "./DeviceRow";
import { About } from "./About";
import { joinLook, Obstacle, useSettled } from "./Obstacle";
import styles from "./Prejoin.module.css";
import { Preview } from "./Preview";

export interface PrejoinProps {
  devices: DeviceStore;
  number: string;
  /** Empty for strangers: before joining a link tells them nothing about the meeting. */
  title: string;
  isHost: boolean;
  name: string;
  /** Signed in: the name is the account's. */
  isOwnName?: boolean;
  /** Came by number and has given no passcode yet, or a wrong one. */
  asksPasscode: boolean;
  /** A link cannot be used without the browser's cryptography, which needs https. */
  canJoin: boolean;
  joining: boolean;
  /** N1: joining has taken longer than a person expects. */
  slow: boolean;
  notice: FieldNotice | null;
  /** Only for who makes this meeting, and has not begun it yet. */
  /** What is made of one's own picture. */
  looks?: ReactNode;
  waitingRoom?: boolean | undefined;
  onWaitingRoom?: ((on: boolean) => void) | undefined;
  /** Hosts of a meeting that was made on another device have its key. */
  onHostKey?: ((key: string) => void) | undefined;
  onName(name: string): void;
  onJoin(name: string, passcode: string | undefined): void;
}

/** The room before the room: always stops here, says that one is not in yet, and shows what others would get. */
export function Prejoin(props: PrejoinProps) {
  const { devices, number, title, isHost } = props;
  const t = useT();
  const state = useStore(devices);
  const obstacle = useSettled(findObstacle(state));
  const meeting = title || t("lobby.meeting", { number: spellNumber(number) });
  // A camera that works stays in view; what stands in the microphone's way is then told beside it.
  const beside = obstacle !== undefined && state.camera.status === "live";
  const words = obstacle && <Obstacle obstacle={obstacle} onRetry={() => void devices.open()} />;

  return (
    <section className={foyer.foyer}>
      <h1 className={foyer.headline}>{t("lobby.notYet")}</h1>
      <div className={foyer.columns}>
        <div className={foyer.media}>
          <Preview
            track={devices.track("camera")}
            isLive={state.camera.status === "live"}
            name={props.name}
            obstacle={beside ? undefined : words}
          />
          <DeviceRow devices={devices} />
          {props.looks && <div className={styles.looks}>{props.looks}</div>}
          <p className={styles.check}>
            <CheckLink apart />
          </p>
        </div>
        <About
          title={meeting}
          isHost={isHost}
          waitingRoom={props.waitingRoom}
          onWaitingRoom={props.onWaitingRoom}
        />
        <div className={styles.side}>
          {beside && <div className={styles.beside}>{words}</div>}
          <JoinForm {...props} look={joinLook(obstacle, beside)} />
        </div>
      </div>
    </section>
  );
}

interface JoinFormProps extends PrejoinProps {
  look: { label: string; quiet: boolean };
}

function JoinForm({ look, ...props }: JoinFormProps) {
  const t = useT();
  const [passcode, setPasscode] = useState("");
  const [missing, setMissing] = useState<"name" | "passcode" | "long" | null>(null);
  const form = useRef<HTMLFormElement>(null);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (props.joining || !props.canJoin) return;
    const name = tidyName(props.name);
    const code = readPasscode(passcode);
    const lack = lacking(name, props.asksPasscode ? code : "0");
    setMissing(lack);
    if (lack === null) props.onJoin(name, code);
    else
      form.current
        ?.querySelector<HTMLInputElement>(lack === "passcode" ? "[name=passcode]" : "[name=name]")
        ?.focus();
  }

  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === "Enter" && isImeKey(event.nativeEvent)) event.preventDefault();
      }}
      noValidate
    >
      {props.slow && (
        <Banner tone="busy" title={t("lobby.slow.title")}>
          {t("lobby.slow.text")}
        </Banner>
      )}
      <TextField
        label={t("lobby.name")}
        name="name"
        value={props.name}
        onChange={props.onName}
        autoComplete="name"
        isReadOnly={props.isOwnName ?? false}
        hint={t(props.isOwnName ? "lobby.name.account" : "lobby.name.kept")}
        error={nameError(t, missing, props.notice)}
      />
      {props.asksPasscode && (
        <TextField
          label={t("lobby.passcode")}
          name="passcode"
          value={passcode}
          onChange={setPasscode}
          autoComplete="off"
          inputMode="numeric"
          error={passcodeError(t, missing, props.notice)}
        />
      )}
      <Button
        type="submit"
        look={look.quiet ? "quiet" : "primary"}
        size={48}
        wide
        isDisabled={!props.canJoin}
        isPending={props.joining}
      >
        {t(props.joining ? "lobby.joining" : look.label)}
      </Button>
      {!props.isHost && props.onHostKey && <HostKey onHostKey={props.onHostKey} />}
    </form>
  );
}

/** For who hosts on another device than the one that made the meeting. */
function HostKey({ onHostKey }: { onHostKey(key: string): void }) {
  const t = useT();
  const [isOpen, setOpen] = useState(false);
  const [key, setKey] = useState("");
  if (!isOpen)
    return (
      <Button size={32} look="plain" onPress={() => setOpen(true)}>
        {t("lobby.host_key.have")}
      </Button>
    );
  return (
    <TextField
      label={t("lobby.host_key")}
      name="host-key"
      value={key}
      onChange={(typed) => {
        setKey(typed);
        onHostKey(typed.trim());
      }}
      autoComplete="off"
      hint={t("lobby.host_key.hint")}
    />
  );
}

function lacking(name: string, code: string | undefined): "name" | "passcode" | "long" | null {
  if (name === "") return "name";
  if (graphemes(name).length > nameLimit) return "long";
  return code === undefined ? "passcode" : null;
}

function nameError(t: Translate, missing: string | null, notice: FieldNotice | null): ReactNode {
  if (missing === "name") return t("lobby.name.missing");
  if (missing === "long") return t("lobby.name.long", { limit: nameLimit });
  return notice?.field === "name" ? t("lobby.name.invalid") : undefined;
}

/** J9 and J10. The wait is told as the time when it ends: that stays true while one reads. */
function passcodeError(t: Translate, missing: string | null, notice: FieldNotice | null): ReactNode {
  if (missing === "passcode") return t("lobby.passcode.missing");
  if (notice?.field !== "passcode") return undefined;
  if (notice.code === "no_match") return t("lobby.passcode.noMatch");
  return t("lobby.passcode.tooMany", { time: timeOfDay(notice.retryAt) });
}
