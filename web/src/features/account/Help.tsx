import { useState } from "react";

import type { Way } from "../../core/api/accounts-client";
import { useLocale, useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { CircleAlert } from "../../ui/icons";
import { Status } from "../../ui/Status";

import { useDeed } from "./deed";
import { useDesk } from "./desk";
import { AddressField, Entrance, EntranceForm, OtherWay } from "./Entrance";
import { PasswordField } from "./PasswordField";
import { Mailed } from "./SignUp";
import { beside } from "./trouble";
import { Over } from "./Verify";

/** I can't sign in: a link goes to the address, whether it has an account or not. */
export function Help({ way }: { way: Way }) {
  const t = useT();
  const locale = useLocale();
  const { api, go, now } = useDesk();
  const [address, setAddress] = useState("");
  const [mailed, setMailed] = useState(false);
  const deed = useDeed();

  async function submit() {
    if (await deed.run(() => api.askReset(address, locale === "zh-CN" ? "zh-CN" : "en"))) setMailed(true);
  }

  if (!way.mail) return <NoMail onBack={() => go("/signin")} />;
  if (mailed) return <Mailed address={address} onBack={() => setMailed(false)} />;
  const wrong =
    deed.trouble &&
    (beside(t, deed.trouble, "address", now()) ??
      beside(t, deed.trouble, "form", now()) ??
      beside(t, deed.trouble, "password", now()));
  return (
    <Entrance title={t("account.help.title")} about={t("account.help.text")} isText>
      <EntranceForm verb={t("account.help.do")} busy={deed.busy} onSubmit={() => void submit()}>
        <AddressField value={address} onChange={setAddress} error={wrong || undefined} />
      </EntranceForm>
      <OtherWay href="/signin">{t("account.help.back")}</OtherWay>
    </Entrance>
  );
}

/** A6 */
function NoMail({ onBack }: { onBack(): void }) {
  const t = useT();
  return <AskForLink title={t("account.noMail.title")} onBack={onBack} />;
}

/** A5, where only the administrator has another. */
function OverWithoutMail({ onBack }: { onBack(): void }) {
  const t = useT();
  return <AskForLink title={t("refused.proof.over")} onBack={onBack} />;
}

function AskForLink({ title, onBack }: { title: string; onBack(): void }) {
  const t = useT();
  return (
    <Status
      icon={CircleAlert}
      title={title}
      actions={
        <Button look="primary" size={48} onPress={onBack}>
          {t("account.help.back")}
        </Button>
      }
    >
      {t("account.noMail.text")}
    </Status>
  );
}

export interface NewPasswordProps {
  token: string;
  /** Whether another link can be had by mail; an operator's can be over as well. */
  mail: boolean;
  onDone(): void;
}

/** A7 among its refusals. Afterwards one signs in with it. */
export function NewPassword({ token, mail, onDone }: NewPasswordProps) {
  const t = useT();
  const { api, go, now } = useDesk();
  const [password, setPassword] = useState("");
  const [over, setOver] = useState(false);
  const deed = useDeed();

  async function submit() {
    const done = await deed.run(async () => {
      const answer = await api.finishReset(token, password);
      if (answer.kind === "refused" && answer.refusal.code === "proof.over") setOver(true);
      return answer;
    });
    if (done) onDone();
  }

  if (over || !token) {
    return mail ? (
      <Over again={() => go("/signin/help")} />
    ) : (
      <OverWithoutMail onBack={() => go("/signin")} />
    );
  }
  const wrong = beside(t, deed.trouble, "password", now()) ?? beside(t, deed.trouble, "form", now());
  return (
    <Entrance title={t("account.reset.title")} about={t("account.reset.text")} isText>
      <EntranceForm verb={t("account.reset.do")} busy={deed.busy} onSubmit={() => void submit()}>
        <PasswordField
          label={t("account.password.new")}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          hint={t("account.password.hint")}
          error={wrong}
        />
      </EntranceForm>
    </Entrance>
  );
}
