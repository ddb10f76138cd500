/** What the routes draw of this folder before one is signed in. */
export { DeskProvider, type Desk } from "./desk";
export { Help, NewPassword } from "./Help";
export { SetUp } from "./SetUp";
export { SignIn } from "./SignIn";
export { SignUp } from "./SignUp";
export { Verify } from "./Verify";
