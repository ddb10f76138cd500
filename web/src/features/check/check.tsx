/** The page that finds out whether a call will work, before there is one: each part ends in what it found and what to do. */
export { CheckPage, type CheckPageProps } from "./CheckPage";
