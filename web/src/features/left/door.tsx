/** The page of who has left comes as the doors do: while prejoin is shown. */
export { Left } from "./Left";
