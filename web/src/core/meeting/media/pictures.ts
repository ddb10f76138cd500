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
}

export class Pictures {
  readonly #pictures = new Map<string, Picture>();

  element(person: string, source: Source): HTMLVideoElement {
    return this.#of(person, source).element;
  }

  show(person: string, source: Source, track: Showable): void {
    const picture = this.#of(person, source);
    if (picture.track === track) return;
    picture.track?.detach(picture.element);
    picture.track = track;
    track.attach(picture.element);
  }

  /** The track is gone. @param keep leave its last picture standing */
  lose(person: string, source: Source, track: Showable, keep: boolean): void {
    const picture = this.#pictures.get(key(person, source));
    if (picture?.track !== track || keep) return;
    track.detach(picture.element);
    picture.track = undefined;
    delete picture.element.dataset["live"];
  }

  forget(person: string): void {
    for (const source of ["camera", "screen"] as const) {
      const picture = this.#pictures.get(key(person, source));
      picture?.track?.detach(picture.element);
      picture?.element.remove();
      this.#pictures.delete(key(person, source));
    }
  }

  clear(): void {
    for (const { element, track } of this.#pictures.values()) {
      track?.detach(element);
      element.srcObject = null;
      element.remove();
    }
    this.#pictures.clear();
  }

  #of(person: string, source: Source): Picture {
    const found = this.#pictures.get(key(person, source));
    if (found) return found;
    const picture = { element: createVideo(source) };
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
    video.dataset["live"] = "";
  };
  video.addEventListener("playing", live);
  video.addEventListener("resize", live);
  return video;
}

function key(person: string, source: Source): string {
  return `${source}:${person}`;
}
