/**
 * One frame: the person as the camera sees them, before what its owner wants behind them. Three drawings on one canvas,
 * and none of them needs a graphics card.
 *
 * As long as nobody has been told apart everything counts as background: what was to be hidden is never shown.
 */
import { blend } from "./mask";
import { brightness, lifted } from "./light";
import { blurOf, type Look, needsMask } from "./look";

export const MASK = { width: 256, height: 144 };

type Canvas = OffscreenCanvas;
type Pen = OffscreenCanvasRenderingContext2D;
/** Anything that has a size and can be drawn. */
export type Frame = VideoFrame | ImageBitmap;

const CAN_BLUR: boolean =
  "OffscreenCanvasRenderingContext2D" in globalThis &&
  "filter" in OffscreenCanvasRenderingContext2D.prototype;

export interface Wanted extends Look {
  /** Stands behind the person; without one it is blurred. */
  picture?: ImageBitmap | undefined;
}

export class Painter {
  readonly #out = pen(1, 1);
  readonly #small = pen(MASK.width, MASK.height, true);
  readonly #mask = pen(MASK.width, MASK.height);
  readonly #behind = pen(1, 1);
  readonly #lit = pen(1, 1);
  readonly #alphas = new ImageData(MASK.width, MASK.height);
  #lift = 0;

  get canvas(): Canvas {
    return this.#out.canvas;
  }

  /** The frame as small as a model wants it. */
  reduce(frame: Frame): ImageData {
    this.#small.drawImage(frame, 0, 0, MASK.width, MASK.height);
    return this.#small.getImageData(0, 0, MASK.width, MASK.height);
  }

  /** From now on the person is there. */
  mask(certainties: Float32Array): void {
    blend(this.#alphas.data, certainties);
    this.#mask.putImageData(this.#alphas, 0, 0);
  }

  /** Nobody is told apart any more. */
  unmask(): void {
    this.#alphas.data.fill(0);
    this.#mask.clearRect(0, 0, MASK.width, MASK.height);
  }

  paint(frame: Frame, wanted: Wanted, small: ImageData | undefined): void {
    const { width, height } = sizeOf(frame);
    fit(this.#out, width, height);
    const lit = wanted.light && small ? this.#light(frame, small, width, height) : frame;
    if (!needsMask(wanted)) {
      draw(this.#out, "copy", lit, width, height);
      return;
    }
    draw(this.#out, "copy", this.#mask.canvas, width, height);
    draw(this.#out, "source-in", lit, width, height);
    const behind = wanted.picture ?? this.#blur(lit, width, height, blurOf(wanted.background));
    this.#out.globalCompositeOperation = "destination-over";
    cover(this.#out, behind, width, height);
  }

  /** Laid over itself as light upon light: the dark gains most, and white stays white. */
  #light(frame: Frame, small: ImageData, width: number, height: number): Frame | Canvas {
    this.#lift = lifted(this.#lift, brightness(small.data));
    if (this.#lift < 0.02) return frame;
    fit(this.#lit, width, height);
    this.#lit.globalAlpha = 1;
    draw(this.#lit, "copy", frame, width, height);
    this.#lit.globalAlpha = this.#lift;
    draw(this.#lit, "screen", frame, width, height);
    return this.#lit.canvas;
  }

  /** Small, so that it costs little: blurred it is as good as large. */
  #blur(frame: Frame | Canvas, width: number, height: number, part: number): Canvas {
    const [across, down] = [Math.ceil(width / 4), Math.ceil(height / 4)];
    fit(this.#behind, across, down);
    if (CAN_BLUR) {
      const radius = Math.max(1, Math.round(across * part));
      this.#behind.filter = `blur(${radius}px)`;
      this.#behind.globalCompositeOperation = "copy";
      // A little larger than it is: beyond its edges there is nothing, and that would come in as a dark frame.
      const more = radius * 2;
      this.#behind.drawImage(frame, -more, -more, across + 2 * more, down + 2 * more);
      this.#behind.filter = "none";
      return this.#behind.canvas;
    }
    // Safari: smaller still, and drawn large again.
    const tiny = Math.max(8, Math.round(1 / (part * 1.5)));
    draw(this.#behind, "copy", frame, tiny, Math.ceil((tiny * height) / width));
    this.#behind.globalCompositeOperation = "copy";
    this.#behind.drawImage(
      this.#behind.canvas,
      0,
      0,
      tiny,
      Math.ceil((tiny * height) / width),
      0,
      0,
      across,
      down,
    );
    return this.#behind.canvas;
  }
}

function pen(width: number, height: number, willReadFrequently = false): Pen {
  const made = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently });
  if (!made) throw new Error("no canvas");
  return made;
}

function fit({ canvas }: Pen, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

function draw(
  on: Pen,
  how: GlobalCompositeOperation,
  what: Frame | Canvas,
  width: number,
  height: number,
): void {
  on.globalCompositeOperation = how;
  on.drawImage(what, 0, 0, width, height);
}

/** As large as it must be to leave nothing free, its middle in the middle. */
function cover(on: Pen, what: Canvas | ImageBitmap, width: number, height: number): void {
  const scale = Math.max(width / what.width, height / what.height);
  const [across, down] = [what.width * scale, what.height * scale];
  on.drawImage(what, (width - across) / 2, (height - down) / 2, across, down);
}

function sizeOf(frame: Frame): { width: number; height: number } {
  return "displayWidth" in frame ? { width: frame.displayWidth, height: frame.displayHeight } : frame;
}
