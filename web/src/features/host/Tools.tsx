import { useState } from "react";

import { deciderOf, isBarred, type Rule } from "../../core/meeting/floor";
import { chats, heirs, type Policy, presets, waitingRooms } from "../../core/meeting/policy";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { ChevronDown, DoorOpen, Flag, Lock, ShieldCheck } from "../../ui/icons";
import { Menu, MenuItem, MenuTrigger } from "../../ui/Menu";
import { Popover } from "../../ui/Popover";
import { useMay, useMeeting, useRoom, useStore } from "../../ui/room/context";
import { useDeed } from "../../ui/room/deed";
import { HostRow } from "../../ui/room/HostRow";
import { Slots } from "../../ui/room/Slots";
import { Segments } from "../../ui/Segments";
import { Switch } from "../../ui/Switch";

import { useAsk } from "./asking";
import styles from "./host.module.css";
import { StopEverything } from "./StopEverything";
import { StoppedPart } from "./StoppedPart";
import { shownSwitches } from "./switches";

/** The only place of host powers over the whole meeting. */
export function Tools() {
  const { stopped } = useMeeting();
  return (
    <div className={styles.tools}>
      {stopped ? <StoppedPart stopped={stopped} /> : <StopEverything />}
      {!stopped && <Door />}
      {!stopped && <PeopleMay />}
      <hr />
      <div className={styles.actions}>
        <Slots of={({ hostTool }) => hostTool} />
        <HostKeyRow />
        <ReportRow />
      </div>
    </div>
  );
}

function useSetPolicy(): (change: Partial<Omit<Policy, "may">> & { may?: Partial<Policy["may"]> }) => void {
  const deed = useDeed();
  return (change) => void deed("set_policy", change);
}

/** Who comes in. */
function Door() {
  const t = useT();
  const deed = useDeed();
  const set = useSetPolicy();
  const { locked, policy, floor } = useMeeting();
  return (
    <>
      <Switch
        icon={<Lock size={20} strokeWidth={1.75} aria-hidden="true" />}
        isSelected={locked}
        onChange={(wanted) => void deed("lock", { locked: wanted })}
      >
        {t("host.lock")}
      </Switch>
      <div className={styles.row}>
        <DoorOpen size={20} strokeWidth={1.75} aria-hidden="true" />
        <span>{t("host.waiting_room")}</span>
        <Segments
          label={t("host.waiting_room")}
          choices={waitingRooms.map((id) => ({
            id,
            word: t(`host.waiting_room.${id}`),
            isDisabled: isBarred(floor, "waiting_room", id),
          }))}
          chosen={policy.waitingRoom}
          onChoose={(waitingRoom) => set({ waitingRoom })}
        />
      </div>
      <Decided rules={["waiting_room"]} />
      <PresetRow />
      <hr />
    </>
  );
}

/** All settings at once, by a name that a meeting has in prejoin too. */
function PresetRow() {
  const t = useT();
  const set = useSetPolicy();
  const { policy } = useMeeting();
  return (
    <div className={styles.row}>
      <ShieldCheck size={20} strokeWidth={1.75} aria-hidden="true" />
      <span>{t("host.preset")}</span>
      <MenuTrigger>
        <Button size={32} look="plain" aria-label={t("host.preset.label", { preset: policy.preset })}>
          {t(`host.preset.${policy.preset}`)}
          <ChevronDown size={16} aria-hidden="true" />
        </Button>
        <Popover placement="bottom end">
          <Menu
            aria-label={t("host.preset")}
            selectionMode="single"
            selectedKeys={[policy.preset]}
            onAction={(key) => {
              const preset = presets.find((each) => each === key);
              if (preset) set({ preset });
            }}
          >
            {presets.map((preset) => (
              <MenuItem
                key={preset}
                id={preset}
                textValue={t(`host.preset.${preset}`)}
                hint={t(`host.preset.${preset}.hint`)}
              >
                {t(`host.preset.${preset}`)}
              </MenuItem>
            ))}
          </Menu>
        </Popover>
      </MenuTrigger>
    </div>
  );
}

/** Why some of it can't be looser: who decided, said once for what stands together. */
function Decided({ rules }: { rules: readonly Rule[] }) {
  const t = useT();
  const { floor } = useMeeting();
  const by = new Set(rules.map((rule) => deciderOf(floor, rule)).filter((name) => name !== undefined));
  return [...by].map((name) => (
    <p key={name} className={styles.decided}>
      {t("host.decided", { by: name })}
    </p>
  ));
}

/** Of the switches those that an organisation may decide. */
const ruled: readonly string[] = ["share", "rename"] satisfies Rule[];

function PeopleMay() {
  const t = useT();
  const set = useSetPolicy();
  const { policy, floor } = useMeeting();
  const isLocked = (what: string) => ruled.includes(what) && isBarred(floor, what as Rule, "everybody");
  return (
    <>
      <h3 className={styles.head}>{t("host.people_may")}</h3>
      <div className={styles.may} role="group" aria-label={t("host.people_may")}>
        {shownSwitches.map((what) => (
          <Checkbox
            key={what}
            isSelected={policy.may[what]}
            isDisabled={isLocked(what)}
            onChange={(isAllowed) => set({ may: { [what]: isAllowed } })}
          >
            {t(`host.may.${what}`)}
          </Checkbox>
        ))}
      </div>
      <Decided rules={["share", "rename"]} />
      <div className={styles.row}>
        <span>{t("host.may.chat")}</span>
        <Segments
          label={t("host.may.chat")}
          choices={chats.map((id) => ({
            id,
            word: t(`host.chat.${id}`),
            isDisabled: isBarred(floor, "chat", id),
          }))}
          chosen={policy.chat}
          onChoose={(chat) => set({ chat })}
        />
      </div>
      <Decided rules={["chat"]} />
      <Switch
        isSelected={policy.muteOnEntry}
        isDisabled={isBarred(floor, "mute_on_entry", "off")}
        onChange={(muteOnEntry) => set({ muteOnEntry })}
      >
        {t("host.mute_on_entry")}
      </Switch>
      <Decided rules={["mute_on_entry"]} />
      <HeirsRow />
      {policy.waitingRoom !== "off" && <WaitingLine key={policy.waitingLine} line={policy.waitingLine} />}
    </>
  );
}

/** Whom hosting passes to when the last host goes and named nobody. */
function HeirsRow() {
  const t = useT();
  const set = useSetPolicy();
  const { policy } = useMeeting();
  return (
    <div className={styles.row}>
      <span>{t("host.heirs")}</span>
      <Segments
        label={t("host.heirs.label")}
        choices={heirs.map((id) => ({ id, word: t(`host.heirs.${id}`) }))}
        chosen={policy.heirs}
        onChoose={(chosen) => set({ heirs: chosen })}
      />
    </div>
  );
}

/** One line to everybody who waits. */
function WaitingLine({ line }: { line: string }) {
  const t = useT();
  const set = useSetPolicy();
  const [words, setWords] = useState(line);
  return (
    <form
      className={styles.line}
      onSubmit={(event) => {
        event.preventDefault();
        if (words !== line) set({ waitingLine: words.trim() });
      }}
      noValidate
    >
      <input
        className={styles.field}
        aria-label={t("host.waiting_line")}
        placeholder={t("host.waiting_line")}
        maxLength={120}
        dir="auto"
        value={words}
        onChange={({ target }) => setWords(target.value)}
      />
      <Button type="submit" size={32} look="plain" isDisabled={words === line}>
        {t("host.waiting_line.set")}
      </Button>
    </form>
  );
}

function HostKeyRow() {
  const t = useT();
  const ask = useAsk();
  const isOwner = useMay("own");
  const isKept = useStore(useRoom().hostKey) !== undefined;
  if (!isKept && !isOwner) return null;
  return (
    <HostRow icon={<ShieldCheck size={20} strokeWidth={1.75} />} onPress={() => ask({ what: "host_key" })}>
      {t("host.key")}
    </HostRow>
  );
}

function ReportRow() {
  const t = useT();
  const ask = useAsk();
  return (
    <HostRow
      icon={<Flag size={20} strokeWidth={1.75} />}
      onPress={() => ask({ what: "report", person: null })}
    >
      {t("host.report")}
    </HostRow>
  );
}
