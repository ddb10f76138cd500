import { useId, useState } from "react";

import { timeOfDay } from "../../core/times";
import { useT } from "../../i18n/react";
import { Button } from "../../ui/Button";
import { useMay, useMe } from "../../ui/room/context";

import { usePollCommand } from "./command";
import styles from "./polls.module.css";
import { choicesOf, hasVoted, type Poll, resultsOf } from "./state";

export function PollCard({ poll }: { poll: Poll }) {
  const me = useMe();
  const isHost = useMay("host");
  const title = useId();
  const [isChanging, setChanging] = useState(false);
  const results = resultsOf(poll, isHost);
  const mayVote = !poll.closed && (isChanging || !hasVoted(poll, me));
  return (
    <article className={styles.card} aria-labelledby={title}>
      <h3 id={title} className={styles.question} dir="auto">
        {poll.question}
      </h3>
      <State poll={poll} />
      {mayVote && <Ballot poll={poll} labelledBy={title} onDone={() => setChanging(false)} />}
      {!mayVote && results === null && <Mine poll={poll} onChange={() => setChanging(true)} />}
      {results && <Results poll={poll} counts={results} />}
      {!mayVote && results && !poll.closed && <Mine poll={poll} onChange={() => setChanging(true)} />}
      {isHost && <HostActions poll={poll} />}
    </article>
  );
}

function State({ poll }: { poll: Poll }) {
  const t = useT();
  const { anonymous, turnout, closed, closesAt } = poll;
  return (
    <p className={styles.state}>
      {t("polls.state", {
        kind: anonymous ? "anonymous" : "named",
        turnout,
        open: closed ? "no" : closesAt ? "until" : "yes",
        time: timeOfDay(closesAt),
      })}
    </p>
  );
}

/** Native boxes: a keyboard and a screen reader know them. */
function Ballot({ poll, labelledBy, onDone }: { poll: Poll; labelledBy: string; onDone(): void }) {
  const t = useT();
  const me = useMe();
  const command = usePollCommand();
  const [chosen, setChosen] = useState(choicesOf(poll, me));
  const [failure, setFailure] = useState("");
  const toggle = (option: number): void => {
    if (!poll.several) setChosen([option]);
    else
      setChosen(chosen.includes(option) ? chosen.filter((other) => other !== option) : [...chosen, option]);
  };
  const vote = async (): Promise<void> => {
    const said = await command("vote", { poll: poll.id, choices: [...chosen] });
    setFailure(said);
    if (!said) onDone();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0) void vote();
      }}
      noValidate
    >
      <fieldset className={styles.ballot} aria-labelledby={labelledBy}>
        {poll.options.map((option, place) => (
          <label key={option} className={styles.choice}>
            <input
              type={poll.several ? "checkbox" : "radio"}
              name={poll.id}
              checked={chosen.includes(place)}
              onChange={() => toggle(place)}
            />
            <span dir="auto">{option}</span>
          </label>
        ))}
      </fieldset>
      <p className={styles.hint}>{t(poll.anonymous ? "polls.anonymous.voter" : "polls.named.voter")}</p>
      {failure && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
      <Button type="submit" look="primary" isDisabled={chosen.length === 0}>
        {t("polls.vote")}
      </Button>
    </form>
  );
}

function Mine({ poll, onChange }: { poll: Poll; onChange(): void }) {
  const t = useT();
  const me = useMe();
  if (!hasVoted(poll, me)) return poll.closed && <p className={styles.hint}>{t("polls.results.hosts")}</p>;
  if (poll.anonymous) return <p className={styles.hint}>{t("polls.voted.anonymous")}</p>;
  const chosen = choicesOf(poll, me).map((choice) => poll.options[choice] ?? "");
  return (
    <>
      <p className={styles.hint}>{t("polls.voted", { chosen: chosen.join(" · ") })}</p>
      {!poll.closed && <Button onPress={onChange}>{t("polls.change")}</Button>}
    </>
  );
}

function Results({ poll, counts }: { poll: Poll; counts: readonly number[] }) {
  const t = useT();
  return (
    <ul className={styles.results}>
      {poll.options.map((option, place) => {
        const count = counts[place] ?? 0;
        const share = poll.turnout === 0 ? 0 : count / poll.turnout;
        const names = poll.votes.filter(({ choices }) => choices.includes(place)).map(({ name }) => name);
        return (
          <li key={option}>
            <p className={styles.result}>
              <span dir="auto">{option}</span>
              <span>{t("polls.result", { count, share })}</span>
            </p>
            <i className={styles.bar} style={{ inlineSize: `${share * 100}%` }} />
            {!poll.anonymous && names.length > 0 && (
              <p className={styles.names}>
                <bdi>{names.join(" · ")}</bdi>
              </p>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function HostActions({ poll }: { poll: Poll }) {
  const t = useT();
  const command = usePollCommand();
  const [isSure, setSure] = useState(false);
  const [failure, setFailure] = useState("");
  const run = async (type: "close" | "discard"): Promise<void> =>
    setFailure(await command(type, { poll: poll.id }));
  return (
    <div className={styles.actions}>
      {!poll.closed && <Button onPress={() => void run("close")}>{t("polls.close")}</Button>}
      {/* One button that changes, so that the focus stays where it is. */}
      <Button
        look={isSure ? "danger" : "plain"}
        onPress={() => (isSure ? void run("discard") : setSure(true))}
        onBlur={() => setSure(false)}
      >
        {t(isSure ? "polls.discard.sure" : "polls.discard")}
      </Button>
      {failure && (
        <p className={styles.failure} role="alert">
          {failure}
        </p>
      )}
    </div>
  );
}
