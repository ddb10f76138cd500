/**
 * One's own pictures for the background. They stay in this browser's database: nothing of them is ever sent but what is
 * seen behind their owner.
 */
export interface OwnPicture {
  id: string;
  name: string;
  blob: Blob;
}

export type Refusal = "kind" | "large" | "broken" | "many" | "full";

const DATABASE = "folkmoot.backgrounds";
const STORE = "pictures";
export const OWN_PICTURES = 12;
const LARGEST = 20_000_000;
const KINDS = new Set(["image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"]);
const WIDEST = 1920;

/** Newest last. A browser that keeps nothing has none. */
export async function pictures(): Promise<OwnPicture[]> {
  try {
    return await within("readonly", (store) => store.getAll() as IDBRequest<OwnPicture[]>);
  } catch {
    return [];
  }
}

export async function picture(id: string): Promise<Blob | undefined> {
  const found = await within("readonly", (store) => store.get(id) as IDBRequest<OwnPicture | undefined>);
  return found?.blob;
}

/** Kept no larger than a camera's picture. @returns why it can't be taken, or the picture */
export async function keep(file: File): Promise<OwnPicture | Refusal> {
  if (!KINDS.has(file.type)) return "kind";
  if (file.size > LARGEST) return "large";
  if ((await pictures()).length >= OWN_PICTURES) return "many";
  const blob = await reduced(file).catch(() => undefined);
  if (!blob) return "broken";
  const kept: OwnPicture = { id: crypto.randomUUID(), name: file.name.slice(0, 80), blob };
  try {
    await within("readwrite", (store) => store.put(kept));
  } catch {
    return "full";
  }
  return kept;
}

export async function remove(id: string): Promise<void> {
  await within("readwrite", (store) => store.delete(id));
}

async function reduced(file: File): Promise<Blob> {
  const whole = await createImageBitmap(file);
  const scale = Math.min(1, WIDEST / whole.width);
  const canvas = new OffscreenCanvas(
    Math.max(1, Math.round(whole.width * scale)),
    Math.max(1, Math.round(whole.height * scale)),
  );
  canvas.getContext("2d")?.drawImage(whole, 0, 0, canvas.width, canvas.height);
  whole.close();
  return canvas.convertToBlob({ type: "image/jpeg", quality: 0.9 });
}

async function within<T>(
  mode: IDBTransactionMode,
  ask: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await answered(ask(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener("upgradeneeded", () => request.result.createObjectStore(STORE, { keyPath: "id" }));
  return answered(request);
}

function answered<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener("success", () => resolve(request.result));
    request.addEventListener("error", () => reject(request.error ?? new Error("no storage")));
  });
}
