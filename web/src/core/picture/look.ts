/** What its owner wants made of their picture. Pure; kept on the device, told to nobody. */
export interface Look {
  /** `none`, `soft`, `blur`, or `own:` and the id of a picture on this device. */
  background: string;
  /** A dark face is made lighter. */
  light: boolean;
}

export const OWN = "own:";

export const plain: Look = { background: "none", light: false };

/** Whether the picture goes out as the camera gives it. */
export function isPlain({ background, light }: Look): boolean {
  return background === "none" && !light;
}

/** Whether the person must be told apart from what is behind them. */
export function needsMask({ background }: Look): boolean {
  return background !== "none";
}

/** How wide the blur is, in parts of the picture's width. */
export function blurOf(background: string): number {
  return background === "soft" ? 0.008 : 0.02;
}

/** The id of the picture on this device, if one is wanted. */
export function ownOf(background: string): string | undefined {
  return background.startsWith(OWN) ? background.slice(OWN.length) : undefined;
}
