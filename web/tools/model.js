// Writes src/core/picture/person.tflite: the model of MediaPipe's package, with the description that its runtime asks
// for and that the package leaves out: how a picture's bytes become the model's numbers.
//
// A flatbuffer points forward only. So the description and a new root are put before the old bytes, which stay as they
// are: nothing of the model is written anew.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { Builder } from "flatbuffers";

const MODEL = "@mediapipe/selfie_segmentation/selfie_segmentation_landscape.tflite";
const target = join(dirname(fileURLToPath(import.meta.url)), "..", "src", "core", "picture", "person.tflite");

/** Fields of the tables of TensorFlow Lite's schemas, by their number. */
const MODEL_FIELDS = { version: 0, codes: 1, subgraphs: 2, description: 3, buffers: 4, metadata: 6 };

/** @returns {Uint8Array} `ModelMetadata`: one picture goes in, of which each byte is a 255th, and one comes out */
export function description() {
  const builder = new Builder(256);
  const table = (size, fields) => {
    builder.startObject(size);
    for (const [field, offset] of fields) builder.addFieldOffset(field, offset, 0);
    return builder.endObject();
  };
  const list = (...offsets) => {
    builder.startVector(4, offsets.length, 4);
    for (const offset of offsets.toReversed()) builder.addOffset(offset);
    return builder.endVector();
  };
  const number = (value) => {
    builder.startVector(4, 1, 4);
    builder.addFloat32(value);
    return builder.endVector();
  };
  const [mean, deviation] = [number(0), number(255)];
  const normalization = table(2, [
    [0, mean],
    [1, deviation],
  ]);
  builder.startObject(2);
  builder.addFieldInt8(0, 1, 0); // of the union's kinds: NormalizationOptions
  builder.addFieldOffset(1, normalization, 0);
  const step = list(builder.endObject());
  const input = list(table(7, [[4, step]]));
  const output = list(table(7, []));
  const graph = list(
    table(10, [
      [2, input],
      [3, output],
    ]),
  );
  builder.finish(table(8, [[3, graph]]), "M001");
  return builder.asUint8Array();
}

/**
 * @param {Uint8Array} model without a description
 * @param {Uint8Array} text its description
 * @returns {Uint8Array} the model with it
 */
export function described(model, text) {
  const old = read(model);
  const head = new Head();
  const vtable = head.take(4 + 2 * 7 + 2);
  const root = head.take(4 + 4 * 6);
  const buffers = head.take(4 + 4 * (old.buffers.length + 1));
  const bufferVtable = head.take(8);
  const buffer = head.take(8);
  const data = head.take(4 + text.length, 16, 4);
  const entries = head.take(8);
  const entryVtable = head.take(8);
  const entry = head.take(12);
  const name = new TextEncoder().encode("TFLITE_METADATA");
  const named = head.take(4 + name.length + 1);
  // Numbers of the old part stay where a machine wants them.
  const before = Math.ceil(head.size / 64) * 64;
  const bytes = new Uint8Array(before + model.length);
  const view = new DataView(bytes.buffer);
  bytes.set(model, before);
  bytes.set(new TextEncoder().encode("TFL3"), 4);
  const point = (from, to) => view.setUint32(from, to - from, true);
  const table = (at, ofFields, size, offsets) => {
    view.setUint16(ofFields, 4 + 2 * offsets.length, true);
    view.setUint16(ofFields + 2, size, true);
    offsets.forEach((offset, field) => view.setUint16(ofFields + 4 + 2 * field, offset, true));
    view.setInt32(at, at - ofFields, true);
  };
  point(0, root);
  table(root, vtable, 28, [4, 8, 12, old.description ? 16 : 0, 20, 0, 24]);
  view.setUint32(root + 4, old.version, true);
  point(root + 8, before + old.codes);
  point(root + 12, before + old.subgraphs);
  if (old.description) point(root + 16, before + old.description);
  point(root + 20, buffers);
  point(root + 24, entries);
  view.setUint32(buffers, old.buffers.length + 1, true);
  old.buffers.forEach((at, index) => point(buffers + 4 + 4 * index, before + at));
  point(buffers + 4 + 4 * old.buffers.length, buffer);
  table(buffer, bufferVtable, 8, [4]);
  point(buffer + 4, data);
  view.setUint32(data, text.length, true);
  bytes.set(text, data + 4);
  view.setUint32(entries, 1, true);
  point(entries + 4, entry);
  table(entry, entryVtable, 12, [4, 8]);
  point(entry + 4, named);
  view.setUint32(entry + 8, old.buffers.length, true);
  view.setUint32(named, name.length, true);
  bytes.set(name, named + 4);
  return bytes;
}

/** Places in what is written before the model, one after the other. */
class Head {
  size = 8;

  /** @returns {number} a place for so many bytes, of which those after `skip` begin at a multiple of `align` */
  take(bytes, align = 4, skip = 0) {
    const at = Math.ceil((this.size + skip) / align) * align - skip;
    this.size = at + bytes;
    return at;
  }
}

/** @param {Uint8Array} model */
function read(model) {
  const view = new DataView(model.buffer, model.byteOffset, model.byteLength);
  const u32 = (at) => view.getUint32(at, true);
  const root = u32(0);
  const vtable = root - view.getInt32(root, true);
  const place = (field) => {
    const at = 4 + 2 * field;
    const offset = at < view.getUint16(vtable, true) ? view.getUint16(vtable + at, true) : 0;
    return offset === 0 ? 0 : root + offset;
  };
  const follow = (field) => {
    const at = place(field);
    return at === 0 ? 0 : at + u32(at);
  };
  if (follow(MODEL_FIELDS.metadata) !== 0)
    throw new Error("the model has a description now: this tool is done");
  const buffers = follow(MODEL_FIELDS.buffers);
  return {
    version: u32(place(MODEL_FIELDS.version)),
    codes: follow(MODEL_FIELDS.codes),
    subgraphs: follow(MODEL_FIELDS.subgraphs),
    description: follow(MODEL_FIELDS.description),
    buffers: Array.from({ length: u32(buffers) }, (_, index) => {
      const at = buffers + 4 + 4 * index;
      return at + u32(at);
    }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const model = new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(MODEL)));
  writeFileSync(target, described(model, description()));
}
