/**
 * A small JPEG of a picture, made on this device: 320 px at most, so that a chat full of photographs costs nobody's line.
 * What can't be drawn, or would cost too much to draw, has none.
 */
export const SHOWN = /^image\/(?:jpeg|png|gif|webp|avif|bmp)$/;
/** A picture may say that it is 100,000 pixels wide in a few bytes. */
const MOST_PIXELS = 50_000_000;
const SIDE_PX = 320;
const MOST_BYTES = 64 * 1024;
const QUALITIES = [0.8, 0.6, 0.4] as const;

export async function previewOf(file: Blob): Promise<Blob | undefined> {
  if (!SHOWN.test(file.type)) return undefined;
  const address = URL.createObjectURL(file);
  try {
    const picture = await read(address);
    return isDrawable(picture) ? await shrunk(picture) : undefined;
  } catch {
    return undefined;
  } finally {
    URL.revokeObjectURL(address);
  }
}

/** Its size is known once it is read; its pixels are only made when it is drawn. */
export function read(address: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.onload = () => resolve(picture);
    picture.onerror = () => reject(new Error("this is no picture"));
    picture.src = address;
  });
}

export function isDrawable({ naturalWidth, naturalHeight }: HTMLImageElement): boolean {
  const pixels = naturalWidth * naturalHeight;
  return pixels > 0 && pixels <= MOST_PIXELS;
}

/** @returns sides that fit into the square, never larger than they were */
export function fitted(width: number, height: number, side = SIDE_PX): { width: number; height: number } {
  const scale = Math.min(1, side / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

async function shrunk(picture: HTMLImageElement): Promise<Blob | undefined> {
  const { width, height } = fitted(picture.naturalWidth, picture.naturalHeight);
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d", { alpha: false });
  if (!brush) return undefined;
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, width, height);
  brush.drawImage(picture, 0, 0, width, height);
  for (const quality of QUALITIES) {
    const jpeg = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (jpeg && jpeg.size <= MOST_BYTES) return jpeg;
  }
  return undefined;
}
