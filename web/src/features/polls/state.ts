/** The polls of the meeting as this person may see them. What was chosen, of an anonymous one, nobody is told. */
import type { LogFeature } from "../../core/meeting/log";
import { type LogEvent, type Payload, records, whole, word, words } from "../../core/meeting/wire";

export interface Vote {
  id: string;
  name: string;
  choices: readonly number[];
}

export interface Poll {
  id: string;
  at: string;
  question: string;
  options: readonly string[];
  several: boolean;
  anonymous: boolean;
  /** Everybody sees the results, not only the hosts. */
  forAll: boolean;
  /** "" = when a host closes it. */
  closesAt: string;
  closed: boolean;
  turnout: number;
  /** I have voted. */
  voted: boolean;
  /** What I chose, as the server knew when I came; of an anonymous poll nobody knows. */
  mine: readonly number[];
  /** Results as they were told; null = not to me, or not yet. */
  counts: readonly number[] | null;
  /** Named votes that I may see: mine, a host's view of all. */
  votes: readonly Vote[];
}

export interface Polls {
  /** Newest first. */
  polls: readonly Poll[];
}

export const pollsLog: LogFeature<Polls> = {
  name: "polls",
  initial: { polls: [] },
  restore: (own) => ({ polls: records(own["polls"]).map(readPoll).toReversed() }),
  evolve,
};

function evolve(state: Polls, event: LogEvent): Polls {
  const { feature, type, at, payload } = event;
  if (feature !== "polls") return state;
  if (type === "asked") return { polls: [readPoll({ ...payload, at }), ...state.polls] };
  const id = word(payload["poll"]);
  if (type === "discarded") return { polls: state.polls.filter((poll) => poll.id !== id) };
  if (!state.polls.some((poll) => poll.id === id)) return state;
  return { polls: state.polls.map((poll) => (poll.id === id ? changed(poll, event) : poll)) };
}

function changed(poll: Poll, { type, by, payload }: LogEvent): Poll {
  switch (type) {
    case "turnout":
      return { ...poll, turnout: whole(payload["turnout"]) };
    case "took_part":
      return { ...poll, voted: true };
    case "voted":
      return { ...poll, votes: withVote(poll.votes, readVote({ ...payload, id: by ?? "" })) };
    case "closed":
      return { ...poll, closed: true, turnout: whole(payload["turnout"]) };
    case "results": {
      const votes = payload["votes"] === undefined ? poll.votes : records(payload["votes"]).map(readVote);
      return { ...poll, counts: numbers(payload["counts"]), votes };
    }
    default:
      return poll;
  }
}

function withVote(votes: readonly Vote[], vote: Vote): readonly Vote[] {
  return [...votes.filter(({ id }) => id !== vote.id), vote];
}

/** What I chose in a named poll. */
export function choicesOf(poll: Poll, me: string): readonly number[] {
  return poll.votes.find(({ id }) => id === me)?.choices ?? poll.mine;
}

export function hasVoted(poll: Poll, me: string): boolean {
  return poll.voted || poll.votes.some(({ id }) => id === me);
}

/** How often each option was chosen, where I may know: as told at the end, or counted by a host who sees every vote. */
export function resultsOf(poll: Poll, isHost: boolean): readonly number[] | null {
  if (poll.closed) return poll.counts;
  const seesAll = isHost && !poll.anonymous && poll.votes.length === poll.turnout;
  if (!seesAll) return null;
  return poll.options.map((_, option) => poll.votes.filter(({ choices }) => choices.includes(option)).length);
}

function readPoll(payload: Payload): Poll {
  return {
    id: word(payload["id"]),
    at: word(payload["at"]),
    question: word(payload["question"]),
    options: words(payload["options"]),
    several: payload["several"] === true,
    anonymous: payload["anonymous"] === true,
    forAll: payload["results"] === "all",
    closesAt: word(payload["closesAt"]),
    closed: payload["closed"] === true,
    turnout: whole(payload["turnout"]),
    voted: payload["voted"] === true,
    mine: numbers(payload["mine"]),
    counts: Array.isArray(payload["counts"]) ? numbers(payload["counts"]) : null,
    votes: records(payload["votes"]).map(readVote),
  };
}

function readVote({ id, name, choices }: Payload): Vote {
  return { id: word(id), name: word(name), choices: numbers(choices) };
}

function numbers(value: unknown): number[] {
  return Array.isArray(value) ? value.filter((item): item is number => typeof item === "number") : [];
}
