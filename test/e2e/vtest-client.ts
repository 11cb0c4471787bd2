/**
 * A bare vtest client over node:net, for what no well-behaved Mesa client does. Message ids and layouts:
 * virglrenderer, vtest/vtest_protocol.h (VCMD_*). File descriptors that the server sends are dropped by read(2).
 */
import { connect, type Socket } from "node:net";

export const VCMD = {
  GET_CAPS: 1,
  RESOURCE_CREATE: 2,
  RESOURCE_UNREF: 3,
  TRANSFER_GET: 4,
  TRANSFER_PUT: 5,
  SUBMIT_CMD: 6,
  RESOURCE_BUSY_WAIT: 7,
  CREATE_RENDERER: 8,
  GET_CAPS2: 9,
  PING_PROTOCOL_VERSION: 10,
  PROTOCOL_VERSION: 11,
  RESOURCE_CREATE2: 12,
  TRANSFER_GET2: 13,
  TRANSFER_PUT2: 14,
} as const;

/** A message: header (length in dwords, id) and payload dwords, little-endian. */
export function message(id: number, payload: readonly number[] = [], lengthDwords = payload.length): Buffer {
  const bytes = Buffer.alloc(8 + payload.length * 4);
  bytes.writeUInt32LE(lengthDwords >>> 0, 0);
  bytes.writeUInt32LE(id >>> 0, 4);
  payload.forEach((dword, index) => bytes.writeUInt32LE(dword >>> 0, 8 + index * 4));
  return bytes;
}

/** CREATE_RENDERER counts its length in bytes, the closing zero included. */
export function createRendererMessage(name: string): Buffer {
  const text = Buffer.from(`${name}\0`);
  const header = Buffer.alloc(8);
  header.writeUInt32LE(text.length, 0);
  header.writeUInt32LE(VCMD.CREATE_RENDERER, 4);
  return Buffer.concat([header, text]);
}

export interface Resource2 {
  readonly target: number;
  readonly format: number;
  readonly bind: number;
  readonly width: number;
  readonly height: number;
  readonly dataSize: number;
}

export function createResource2Message(handle: number, resource: Resource2): Buffer {
  const { target, format, bind, width, height, dataSize } = resource;
  return message(VCMD.RESOURCE_CREATE2, [handle, target, format, bind, width, height, 1, 1, 0, 0, dataSize]);
}

export class VtestClient {
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #buffered = 0;
  #closed = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#buffered += chunk.length;
      this.#wake();
    });
    const end = (): void => {
      this.#closed = true;
      this.#wake();
    };
    socket.on("close", end);
    socket.on("error", end);
  }

  static async connect(path: string): Promise<VtestClient> {
    const socket = connect(path);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return new VtestClient(socket);
  }

  /** True once the server has closed the connection. */
  get closed(): boolean {
    return this.#closed;
  }

  send(bytes: Buffer): void {
    if (!this.#closed) this.#socket.write(bytes);
  }

  /** Exactly `length` bytes, or fewer when the server closed before. */
  async read(length: number): Promise<Buffer> {
    while (this.#buffered < length && !this.#closed) await new Promise<void>((resolve) => (this.#wake = resolve));
    const all = Buffer.concat(this.#chunks);
    this.#chunks.length = 0;
    const rest = all.subarray(length);
    if (rest.length > 0) this.#chunks.push(rest);
    this.#buffered = rest.length;
    return all.subarray(0, length);
  }

  /** Resolves when the server closes, or after `timeoutMs`. */
  async whenClosed(timeoutMs = 5000): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    const timer = setTimeout(() => this.#wake(), timeoutMs);
    while (!this.#closed && performance.now() < deadline) {
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    clearTimeout(timer);
    return this.#closed;
  }

  /** Renderer, ping, version: what Mesa's vtest winsys says first. Resolves to the version agreed on. */
  async handshake(name = "bare client", version = 2): Promise<number> {
    this.send(createRendererMessage(name));
    this.send(message(VCMD.PING_PROTOCOL_VERSION));
    this.send(message(VCMD.RESOURCE_BUSY_WAIT, [0, 0]));
    await this.read(8); // the ping's answer: an empty message
    await this.read(12); // the busy wait's answer
    this.send(message(VCMD.PROTOCOL_VERSION, [version]));
    const answer = await this.read(12);
    return answer.length === 12 ? answer.readUInt32LE(8) : -1;
  }

  /** One round trip that waits for everything before it. */
  async sync(): Promise<boolean> {
    this.send(message(VCMD.RESOURCE_BUSY_WAIT, [0, 0]));
    return (await this.read(12)).length === 12;
  }

  close(): void {
    this.#socket.destroy();
  }
}
