/**
 * Wayland's wire format. Source: Wayland book, "Wayland Protocol and Model of Operation", Wire Format: two words of header (object id;
 * size in bytes << 16 | opcode), then arguments, each padded to 32 bits; native byte order. Descriptors travel beside the bytes.
 */

/** Argument types of a message, as rows of the protocol table have them: i u f s o n a h. */
export type ArgumentsOf<S extends string> = S extends `${infer C}${infer Rest}`
  ? [ArgumentOf<C>, ...ArgumentsOf<Rest>]
  : [];
type ArgumentOf<C extends string> = C extends "s" ? string : C extends "a" ? Uint8Array : number;

/** A request or an event: opcode, argument types, whether it ends its object. */
export type MessageRow = readonly [opcode: number, types: string, isDestructor?: boolean];

export interface Interface {
  readonly name: string;
  /** The newest version that we speak. */
  readonly version: number;
  readonly requests: Readonly<Record<string, MessageRow>>;
  readonly events: Readonly<Record<string, MessageRow>>;
}

export type Argument = number | string | Uint8Array;

export const HEADER_BYTES = 8;
/** The size field has 16 bits; libwayland's own limit is 4096. */
export const MAX_MESSAGE_BYTES = 0xfffc;
const FIXED_ONE = 256;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Messages on their way out, in one buffer. Descriptors are the caller's until taken with the bytes. */
export class MessageWriter {
  #words = new Uint32Array(1024);
  #length = 0;
  /** Of the first word, bytes that are on their way already. */
  #droppedBytes = 0;
  #fds: number[] = [];

  /** Bytes that wait. */
  get lengthBytes(): number {
    return this.#length * 4 - this.#droppedBytes;
  }

  /** @throws {RangeError} when a message is longer than its size field can tell, or a text has a NUL */
  put(objectId: number, opcode: number, types: string, args: readonly Argument[]): void {
    if (args.some((value) => typeof value === "string" && value.includes("\0")))
      throw new RangeError("a Wayland string with a NUL in it");
    const start = this.#length;
    this.#reserve(2);
    this.#length += 2;
    for (let i = 0; i < types.length; i++) this.#putArgument(types.charCodeAt(i), args[i]!);
    const sizeBytes = (this.#length - start) * 4;
    if (sizeBytes > MAX_MESSAGE_BYTES) {
      this.#length = start;
      throw new RangeError(`a Wayland message of ${sizeBytes} bytes`);
    }
    this.#words[start] = objectId;
    this.#words[start + 1] = sizeBytes * 0x1_0000 + opcode;
  }

  /** Everything that waits; the writer is empty then. The bytes are borrowed until the next `put`. */
  take(): { bytes: Uint8Array; fds: number[] } {
    const { bytes, fds } = this.peek();
    this.#length = 0;
    this.#droppedBytes = 0;
    this.#fds = [];
    return { bytes, fds };
  }

  /** Everything that waits, as it stays. Borrowed until the next call. */
  peek(): { bytes: Uint8Array; fds: number[] } {
    return { bytes: new Uint8Array(this.#words.buffer, this.#droppedBytes, this.lengthBytes), fds: this.#fds };
  }

  /** The first `bytes` and `fds` of what waits are sent. */
  drop(bytes: number, fds: number): void {
    const dropped = this.#droppedBytes + bytes;
    const words = Math.floor(dropped / 4);
    this.#words.copyWithin(0, words, this.#length);
    this.#length -= words;
    this.#droppedBytes = dropped % 4;
    this.#fds.splice(0, fds);
  }

  #putArgument(type: number, value: Argument): void {
    if (typeof value === "string") this.#putBytes(encoder.encode(`${value}\0`));
    else if (typeof value !== "number") this.#putBytes(value);
    else if (type === TYPE_FD) this.#fds.push(value);
    else {
      this.#reserve(1);
      this.#words[this.#length++] = type === TYPE_FIXED ? Math.round(value * FIXED_ONE) : value;
    }
  }

  #putBytes(bytes: Uint8Array): void {
    const words = Math.ceil(bytes.length / 4);
    this.#reserve(1 + words);
    this.#words[this.#length++] = bytes.length;
    this.#words.fill(0, this.#length, this.#length + words);
    new Uint8Array(this.#words.buffer).set(bytes, this.#length * 4);
    this.#length += words;
  }

  #reserve(words: number): void {
    if (this.#length + words <= this.#words.length) return;
    const grown = new Uint32Array(Math.max(this.#words.length * 2, this.#length + words));
    grown.set(this.#words.subarray(0, this.#length));
    this.#words = grown;
  }
}

const TYPE_FD = "h".charCodeAt(0);
const TYPE_FIXED = "f".charCodeAt(0);

/** What was wrong with a message that came. */
export type WireFault = "size" | "argument" | "descriptor" | "length";

/**
 * The arguments of one message. `takeFd` gives the next descriptor that came, or -1.
 * @returns the arguments, or what is wrong: an argument beyond the end, bytes behind the last one, a text without its NUL
 */
export function readArguments(
  words: Uint32Array,
  firstWord: number,
  endWord: number,
  types: string,
  takeFd: () => number,
): Argument[] | WireFault {
  const args: Argument[] = [];
  let at = firstWord;
  for (const type of types) {
    if (type === "h") {
      const fd = takeFd();
      if (fd < 0) return "descriptor";
      args.push(fd);
      continue;
    }
    if (at >= endWord) return "argument";
    const word = words[at++]!;
    if (type === "s" || type === "a") {
      const bytes = word > (endWord - at) * 4 ? null : new Uint8Array(words.buffer, words.byteOffset + at * 4, word);
      if (bytes === null) return "argument";
      at += Math.ceil(word / 4);
      if (type === "a") args.push(bytes.slice());
      // Length 0 is the null string.
      else if (word === 0) args.push("");
      else if (bytes[word - 1] !== 0) return "argument";
      else args.push(decoder.decode(bytes.subarray(0, word - 1)));
    } else args.push(type === "i" ? word | 0 : type === "f" ? (word | 0) / FIXED_ONE : word);
  }
  return at === endWord ? args : "length";
}
