import { dumpStream, virglFormatName, type DumpOptions } from "../virgl/index.js";
import { asciiText } from "../wire/index.js";
import * as v from "../vtest/index.js";
import { CaptureReader } from "./capture-reader.js";
import { RecordKind } from "./format.js";

/** What a listing holds beside the messages; commands are shown as `dumpStream` shows them. */
export interface DumpCaptureOptions extends DumpOptions {
  /** The commands inside submissions. Default true. */
  readonly streams?: boolean;
}

const RESOURCE_FIELDS = "id target format bind w h d array_size last_level samples data_size".split(" ");
const TRANSFER_FIELDS = "id level stride layer_stride x y z w h d size".split(" ");
const TRANSFER2_FIELDS = "id level x y z w h d size offset".split(" ");

/**
 * Lists a capture in words: one line per vtest message and memory record, with the commands of each submission below.
 * @throws {CaptureFormatError} for a damaged capture.
 */
export function dumpCapture(
  capture: Uint8Array,
  write: (line: string) => void,
  options: DumpCaptureOptions = {},
): void {
  const reader = new CaptureReader(capture);
  let message = 0;
  let micros = 0;
  while (reader.next()) {
    micros += reader.deltaMicros;
    const time = `${(micros / 1e6).toFixed(6).padStart(12)}s`;
    switch (reader.kind) {
      case RecordKind.INFO:
        write(`${time}  info     ${asciiText(reader.payload, 10_000)}`);
        break;
      case RecordKind.MESSAGE:
        dumpMessage(reader, `${time}  ${String(message++).padStart(6)}`, write, options);
        break;
      case RecordKind.REPLY:
        if (reader.payload.length <= 16) write(`${time}          answer  ${hexWords(reader)}`);
        else write(`${time}          answer  ${reader.payload.length} bytes`);
        break;
      case RecordKind.SHARED_MEMORY:
        write(`${time}          shared memory of r${reader.resourceId}, ${reader.word(1)} bytes`);
        break;
      case RecordKind.MEMORY:
        write(`${time}          memory of r${reader.resourceId}: ${memoryText(reader)}`);
        break;
      case RecordKind.END:
        write(`${time}  end      ${reader.word(0)} messages, ${reader.word(1)} frames`);
        break;
      default:
        write(`${time}  record of unknown kind ${reader.kind}, ${reader.payload.length} bytes`);
    }
  }
}

function dumpMessage(
  reader: CaptureReader,
  prefix: string,
  write: (line: string) => void,
  options: DumpCaptureOptions,
): void {
  const { payload } = reader;
  const id = payload.length >= v.VTEST_HDR_BYTES ? reader.word(v.VTEST_CMD_ID) : 0;
  const name = v.vtestCommandName(id).replace("VCMD_", "").toLowerCase();
  write(`${prefix}  ${name.padEnd(20)} ${messageText(reader, id)}`.trimEnd());
  if (id !== v.VCMD_SUBMIT_CMD || options.streams === false) return;
  const words = new Uint32Array(payload.slice(v.VTEST_HDR_BYTES, payload.length & ~3).buffer);
  dumpStream(words, 0, words.length, (line) => write(`${"".padEnd(15)}${line}`), options);
}

function messageText(reader: CaptureReader, id: number): string {
  switch (id) {
    case v.VCMD_SUBMIT_CMD:
      return `${(reader.payload.length - v.VTEST_HDR_BYTES) >>> 2} dwords`;
    case v.VCMD_CREATE_RENDERER:
      return JSON.stringify(asciiText(reader.payload.subarray(v.VTEST_HDR_BYTES)));
    case v.VCMD_RESOURCE_CREATE:
    case v.VCMD_RESOURCE_CREATE2:
      return named(reader, RESOURCE_FIELDS);
    case v.VCMD_TRANSFER_GET:
    case v.VCMD_TRANSFER_PUT:
      return named(reader, TRANSFER_FIELDS);
    case v.VCMD_TRANSFER_GET2:
    case v.VCMD_TRANSFER_PUT2:
      return named(reader, TRANSFER2_FIELDS);
    case v.VCMD_RESOURCE_UNREF:
      return named(reader, ["id"]);
    case v.VCMD_RESOURCE_BUSY_WAIT:
      return named(reader, ["id", "wait"]);
    case v.VCMD_PROTOCOL_VERSION:
      return named(reader, ["version"]);
    default:
      return "";
  }
}

function named(reader: CaptureReader, names: readonly string[]): string {
  const words: string[] = [];
  names.forEach((name, i) => {
    const index = v.VTEST_HDR_SIZE + i;
    if (index * 4 + 4 > reader.payload.length) return;
    const value = reader.word(index);
    if (name === "id") words.push(`r${value}`);
    else if (name === "format") words.push(`format=${virglFormatName(value)}`);
    else if (name === "bind") words.push(`bind=0x${value.toString(16)}`);
    else words.push(`${name}=${value}`);
  });
  return words.join(" ");
}

function hexWords(reader: CaptureReader): string {
  const words: string[] = [];
  for (let i = 0; i < reader.payload.length >>> 2; i++) words.push(`0x${reader.word(i).toString(16)}`);
  return words.join(" ");
}

function memoryText(reader: CaptureReader): string {
  const runs = reader.word(1);
  const parts: string[] = [];
  let pages = 0;
  for (let i = 0; i < runs; i++) {
    const first = reader.word(2 + i * 2);
    const count = reader.word(3 + i * 2);
    pages += count;
    if (parts.length < 4) parts.push(count === 1 ? String(first) : `${first}-${first + count - 1}`);
  }
  return `${pages} pages (${parts.join(", ")}${runs > 4 ? ", …" : ""})`;
}
