/**
 * One `<video>` per person and source for as long as the meeting lasts. Tiles move it about; it is never made
 * anew, so there is no black flash. When a track goes because the line broke, the last picture stays until the
 * next track arrives.
 */
export type Source = "camera" | "screen";

/** What of a LiveKit track is needed to show it. */
export interface Showable {
  attach(element: HTMLMediaElement): HTMLMediaElement;
  detach(element: HTMLMediaElement): HTMLMediaElement;
}

interface Picture {
  element: HTMLVideoElement;
  track?: Showable | undefined;
  /** Others that show the same, in another window. */
  more: Set<HTMLMediaElement>;
}

export class Pictures {
  readonly #pictures = new Map<string, Picture>();

  element(person: string, source: Source): HTMLVideoElement {
    return this.#of(person, source).element;
  }

  show(person: string, source: Source, track: Showable): void {
    const picture = this.#of(person, source);
    if (picture.track === track) return;
    for (const element of [picture.element, ...picture.more]) {
      picture.track?.detach(element);
      track.attach(element);
    }
    picture.track = track;
  }

  /** One more element that shows the same. @returns what ends that */
  also(person: string, source: Source, element: HTMLMediaElement): () => void {
    const picture = this.#of(person, source);
    picture.more.add(element);
    picture.track?.attach(element);
    void element.play().catch(() => undefined);
    return () => {
      picture.more.delete(element);
      picture.track?.detach(element);
    };
  }

  /** The track is gone. @param keep leave its last picture standing */
  lose(person: string, source: Source, track: Showable, keep: boolean): void {
    const picture = this.#pictures.get(key(person, source));
    if (picture?.track !== track || keep) return;
    for (const element of [picture.element, ...picture.more]) track.detach(element);
    picture.track = undefined;
    delete picture.element.dataset["live"];
  }

  /**
   * The line is in doubt: keep what is seen now. livekit-client empties a video before it says that its track is
   * gone, and a poster is what an empty video shows.
   */
  freeze(): void {
    for (const { element } of this.#pictures.values()) void freeze(element);
  }

  forget(person: string): void {
    for (const source of ["camera", "screen"] as const) {
      const picture = this.#pictures.get(key(person, source));
      picture?.track?.detach(picture.element);
      if (picture) thaw(picture.element);
      picture?.element.remove();
      this.#pictures.delete(key(person, source));
    }
  }

  clear(): void {
    for (const { element, track } of this.#pictures.values()) {
      track?.detach(element);
      thaw(element);
      element.srcObject = null;
      element.remove();
    }
    this.#pictures.clear();
  }

  #of(person: string, source: Source): Picture {
    const found = this.#pictures.get(key(person, source));
    if (found) return found;
    const picture: Picture = { element: createVideo(source), more: new Set() };
    this.#pictures.set(key(person, source), picture);
    return picture;
  }
}

function createVideo(source: Source): HTMLVideoElement {
  const video = document.createElement("video");
  video.muted = true;
  video.autoplay = true;
  video.playsInline = true;
  video.disablePictureInPicture = true;
  video.setAttribute("aria-hidden", "true");
  video.tabIndex = -1;
  video.dataset["source"] = source;
  // Until there is a picture the avatar shows through; the style sheet reads this.
  const live = (): void => {
    if (video.videoWidth === 0) return;
    video.dataset["live"] = "";
    thaw(video);
  };
  video.addEventListener("playing", live);
  video.addEventListener("resize", live);
  return video;
}

/** Small and blurred by growing: it stands greyed behind "Reconnecting…". */
const STILL_WIDTH = 480;

async function freeze(video: HTMLVideoElement): Promise<void> {
  const { videoWidth, videoHeight } = video;
  if (!video.srcObject || videoWidth === 0) return;
  const canvas = document.createElement("canvas");
  canvas.width = Math.min(STILL_WIDTH, videoWidth);
  canvas.height = Math.round((canvas.width * videoHeight) / videoWidth);
  canvas.getContext("2d")?.drawImage(video, 0, 0, canvas.width, canvas.height);
  const still = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", 0.8));
  if (!still) return;
  thaw(video);
  video.poster = URL.createObjectURL(still);
}

function thaw(video: HTMLVideoElement): void {
  if (!video.poster) return;
  URL.revokeObjectURL(video.poster);
  video.removeAttribute("poster");
}

function key(person: string, source: Source): string {
  return `${source}:${person}`;
}
