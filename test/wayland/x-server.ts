/**
 * An X server (Xvfb) for a Weston that is to have a pointer and whose window can be resized, which a headless Weston has not; and the
 * three requests of the X protocol that do it. Source: X Window System Protocol, version 11: connection setup, ConfigureWindow (12),
 * QueryTree (15), WarpPointer (41); little-endian.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export class XServer {
  readonly display: string;
  readonly #child: ChildProcess;

  private constructor(display: string, child: ChildProcess) {
    this.display = display;
    this.#child = child;
  }

  /** Starts Xvfb on a free display number. @throws {Error} when it cannot start */
  static async start(): Promise<XServer> {
    const args = ["-displayfd", "3", "-screen", "0", "1000x800x24", "-nolisten", "tcp"];
    const child = spawn("Xvfb", args, { stdio: ["ignore", "ignore", "ignore", "pipe"] });
    const pipe = child.stdio[3] as NodeJS.ReadableStream;
    const number = await Promise.race([
      once(pipe, "data").then(([data]) => String(data).trim()),
      once(child, "exit").then(() => ""),
      once(child, "error").then(() => ""),
    ]);
    if (number === "") throw new Error("Xvfb does not start");
    return new XServer(`:${number}`, child);
  }

  /** Gives the one window on the screen another size. */
  async resizeWindow(width: number, height: number): Promise<void> {
    const client = await XClient.connect(this.display);
    const window = await client.onlyWindow();
    const WIDTH_AND_HEIGHT = 4 | 8;
    client.send(12, 0, [window, WIDTH_AND_HEIGHT, width, height]);
    await client.onlyWindow();
    client.close();
  }

  /** Moves the pointer to a place of the screen. */
  async movePointer(x: number, y: number): Promise<void> {
    const client = await XClient.connect(this.display);
    client.send(41, 0, [0, client.root, 0, 0, (x & 0xffff) | (y << 16)]);
    await client.onlyWindow();
    client.close();
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, "exit");
    this.#child.kill("SIGKILL");
    await ended;
  }
}

class XClient {
  readonly root: number;
  readonly #socket: Socket;

  private constructor(socket: Socket, root: number) {
    this.#socket = socket;
    this.root = root;
  }

  static async connect(display: string): Promise<XClient> {
    const socket = connect(`/tmp/.X11-unix/X${display.slice(1)}`);
    await once(socket, "connect");
    // Little-endian, protocol 11.0, no authorization.
    socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
    const setup = await readAtLeast(socket, 8, (head) => 8 + 4 * head.readUInt16LE(6));
    if (setup[0] !== 1) throw new Error("the X server refuses");
    const vendorBytes = Math.ceil(setup.readUInt16LE(24) / 4) * 4;
    const formats = setup[29]!;
    return new XClient(socket, setup.readUInt32LE(40 + vendorBytes + 8 * formats));
  }

  send(opcode: number, detail: number, words: readonly number[]): void {
    const request = Buffer.alloc(4 + 4 * words.length);
    request[0] = opcode;
    request[1] = detail;
    request.writeUInt16LE(1 + words.length, 2);
    words.forEach((word, i) => request.writeUInt32LE(word >>> 0, 4 + 4 * i));
    this.#socket.write(request);
  }

  /** The window on the root; everything sent before has been done when it returns. */
  async onlyWindow(): Promise<number> {
    this.send(15, 0, [this.root]);
    const reply = await readAtLeast(this.#socket, 32, (head) => 32 + 4 * head.readUInt32LE(4));
    if (reply[0] !== 1 || reply.readUInt16LE(16) !== 1) throw new Error("there is not one window on the screen");
    return reply.readUInt32LE(32);
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Reads until the `headBytes` that tell the whole length are there, and then that length. */
async function readAtLeast(socket: Socket, headBytes: number, lengthOf: (head: Buffer) => number): Promise<Buffer> {
  let bytes: Buffer = Buffer.alloc(0);
  while (bytes.length < headBytes || bytes.length < lengthOf(bytes)) {
    const [more] = (await once(socket, "data")) as [Buffer];
    bytes = Buffer.concat([bytes, more]);
  }
  return bytes;
}
