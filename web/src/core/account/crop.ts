/** Which square of a picture is kept. Pure: pixels of the picture, and how somebody moved it. */

export interface Size {
  width: number;
  height: number;
}

export interface Crop {
  /** 1: as large a square as it holds. */
  zoom: number;
  /** The square's middle, of 0–1. */
  x: number;
  y: number;
}

export interface Square {
  left: number;
  top: number;
  side: number;
}

export const whole: Crop = { zoom: 1, x: 0.5, y: 0.5 };
export const closest = 4;

/** What may be: within the picture, and no closer than there is something to see. */
export function settled(size: Size, { zoom, x, y }: Crop): Crop {
  const closer = clamp(zoom, 1, closest);
  const half = sideOf(size, closer) / 2;
  const [aside, above] = [half / size.width, half / size.height];
  return { zoom: closer, x: clamp(x, aside, 1 - aside), y: clamp(y, above, 1 - above) };
}

/** @param dx by how much of the square's own side the picture was pulled */
export function pulled(size: Size, crop: Crop, dx: number, dy: number): Crop {
  const side = sideOf(size, crop.zoom);
  return settled(size, {
    ...crop,
    x: crop.x - (dx * side) / size.width,
    y: crop.y - (dy * side) / size.height,
  });
}

export function squareOf(size: Size, crop: Crop): Square {
  const { zoom, x, y } = settled(size, crop);
  const side = sideOf(size, zoom);
  return { left: x * size.width - side / 2, top: y * size.height - side / 2, side };
}

function sideOf({ width, height }: Size, zoom: number): number {
  return Math.min(width, height) / zoom;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
