import {
  fixedPayloadDwords,
  variablePayloadBytes,
  vtestCommandName,
  VTEST_HDR_BYTES,
  type VtestChannel,
} from "../vtest/index.js";

/** Why no message came: the peer closed between messages (null), or something is wrong (a sentence). */
export type MessageFailure = string | null;

/** Reads whole vtest messages, checked for framing only, into one growing buffer. */
export class MessageReader {
  readonly #channel: Pick<VtestChannel, "readExact">;
  readonly #maxBytes: number;
  #words = new Uint32Array(1024);
  #bytes = new Uint8Array(this.#words.buffer);
  /** Message id, header length field and whole size of the current message. */
  id = 0;
  length = 0;
  sizeBytes = 0;
  failure: MessageFailure = null;

  constructor(channel: Pick<VtestChannel, "readExact">, maxBytes: number) {
    this.#channel = channel;
    this.#maxBytes = maxBytes;
  }

  /** The current message as words; `words[2]` is the first of the payload. Valid until the next read. */
  get words(): Uint32Array {
    return this.#words;
  }

  /** The current message. Valid until the next read. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.sizeBytes);
  }

  /** True when a message is there. */
  read(): boolean {
    const arrived = this.#channel.readExact(this.#bytes, 0, VTEST_HDR_BYTES);
    if (arrived < VTEST_HDR_BYTES) return this.#fail(arrived === 0 ? null : "connection closed inside a header");
    this.length = this.#words[0]!;
    this.id = this.#words[1]!;
    const fixed = fixedPayloadDwords(this.id);
    if (fixed < 0) return this.#fail(`unknown message id ${this.id}`);
    if (!this.#append(VTEST_HDR_BYTES, fixed * 4)) return false;
    const variable = variablePayloadBytes(this.id, this.length, this.#words.subarray(2));
    if (variable > this.#maxBytes) return this.#fail(`${vtestCommandName(this.id)} of ${variable} bytes`);
    return this.#append(VTEST_HDR_BYTES + fixed * 4, variable);
  }

  #append(at: number, lengthBytes: number): boolean {
    this.#reserve(at + lengthBytes);
    this.sizeBytes = at + lengthBytes;
    if (lengthBytes === 0) return true;
    const arrived = this.#channel.readExact(this.#bytes, at, lengthBytes);
    return arrived === lengthBytes || this.#fail(`${vtestCommandName(this.id)} truncated`);
  }

  #reserve(sizeBytes: number): void {
    if (sizeBytes <= this.#bytes.length) return;
    const grown = new Uint8Array(2 ** Math.ceil(Math.log2(sizeBytes)));
    grown.set(this.#bytes);
    this.#bytes = grown;
    this.#words = new Uint32Array(grown.buffer);
  }

  #fail(failure: MessageFailure): false {
    this.failure = failure;
    return false;
  }
}
