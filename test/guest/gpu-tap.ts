/**
 * `gpu-tap.js SOCKET COMMAND ARG...`: stands between QEMU and a back-end and writes down what the back-end shows.
 *
 * Listens at SOCKET, starts `COMMAND ARG... --fd=3`, and passes both sockets through: the vhost-user one, and the GPU socket that
 * QEMU hands over in it. A line on standard output for each message of the back-end on the GPU socket:
 *
 *     TAP scanout HEAD W H | TAP update HEAD X Y W H | TAP move HEAD X Y | TAP hide HEAD X Y |
 *     TAP cursor HEAD X Y HOTX HOTY HEX
 *
 * QEMU's displays that could tell a listener about the cursor refuse vhost-user-gpu without a GPU of the host.
 */
import { spawn } from "node:child_process";
import { closeSync, writeSync } from "node:fs";
import { setImmediate as turn } from "node:timers/promises";
import { isMainThread, Worker, workerData } from "node:worker_threads";
import {
  acceptUnix,
  listenUnix,
  Poll,
  pollFds,
  readExact,
  readInto,
  recvFds,
  sendFds,
  socketPair,
  waitReadable,
  writeFrom,
} from "#virtgpu/native/index.js";

/** Header of both protocols: request, flags, payload size. Source: QEMU docs/interop/vhost-user.rst, vhost-user-gpu.rst. */
const HEADER_BYTES = 12;
const VHOST_USER_GPU_SET_SOCKET = 33;
const MAX_FDS = 16;
/** More than any message of a back-end that sends pictures in bands. */
const MAX_PAYLOAD_BYTES = 64 << 20;
const POLL_US = 20_000;

/** `vhost_user_gpu_cursor_update` etc.: how many words a request has before its pixels, and its name. */
const SHOWN: Readonly<Record<number, readonly [name: string, words: number]>> = {
  4: ["move", 3],
  5: ["hide", 3],
  6: ["cursor", 5],
  7: ["scanout", 3],
  8: ["update", 5],
};
const CURSOR_UPDATE = 6;

interface Message {
  readonly request: number;
  readonly bytes: Buffer;
  readonly fds: readonly number[];
}

/** One whole message, or null at the end of the stream. */
function receive(fd: number): Message | null {
  const header = Buffer.alloc(HEADER_BYTES);
  const first = recvFds(fd, header, 0, HEADER_BYTES, MAX_FDS);
  if (first.bytes === 0) return null;
  readExact(fd, header, first.bytes, HEADER_BYTES - first.bytes);
  const sizeBytes = header.readUInt32LE(8);
  if (sizeBytes > MAX_PAYLOAD_BYTES) throw new Error(`a message of ${sizeBytes} bytes`);
  const bytes = Buffer.concat([header, Buffer.alloc(sizeBytes)]);
  readExact(fd, bytes, HEADER_BYTES, sizeBytes);
  return { request: header.readUInt32LE(0), bytes, fds: first.fds };
}

function send(fd: number, message: Message): void {
  sendFds(fd, message.bytes, 0, message.bytes.length, message.fds);
  for (const passed of message.fds) closeSync(passed);
}

function tell({ request, bytes }: Message): void {
  const shown = SHOWN[request];
  if (shown === undefined) return;
  const [name, count] = shown;
  const words = Array.from({ length: count }, (_, i) => bytes.readUInt32LE(HEADER_BYTES + 4 * i));
  // `vhost_user_gpu_cursor_pos` counts the head first, as all others do.
  const pixels = request === CURSOR_UPDATE ? ` ${bytes.toString("hex", HEADER_BYTES + 4 * count)}` : "";
  writeSync(1, `TAP ${name} ${words.join(" ")}${pixels}\n`);
}

/** Passes on what came. @returns whether there may be more */
type Passer = () => boolean;

type Passers = ReadonlyMap<number, Passer>;

/** Waits at most so long and passes on what came. @returns whether all ends are there */
function serve(passers: Passers, timeoutUs: number): boolean {
  const fds = Int32Array.from(passers.keys());
  const revents = new Int16Array(fds.length);
  pollFds(fds, new Int16Array(fds.length).fill(Poll.IN), revents, timeoutUs);
  return fds.every((fd, i) => revents[i] === 0 || passers.get(fd)!());
}

function passBytes(from: number, to: number): Passer {
  const scratch = Buffer.alloc(1 << 16);
  return () => {
    const count = readInto(from, scratch, 0, scratch.length);
    if (count > 0) writeFrom(to, scratch, 0, count);
    return count > 0;
  };
}

function passMessages(from: number, to: number, look: (message: Message) => Message): Passer {
  return () => {
    const message = receive(from);
    if (message !== null) send(to, look(message));
    return message !== null;
  };
}

interface GpuSocketEnds {
  readonly backEnd: number;
  readonly qemu: number;
}

/**
 * Puts a socket pair of ours between the GPU socket's two ends. In a thread of its own: QEMU may wait for the back-end's answer on the
 * vhost-user socket while it does not read pictures.
 */
function tapGpuSocket(message: Message): Message {
  const qemu = message.fds[0];
  if (message.request !== VHOST_USER_GPU_SET_SOCKET || qemu === undefined) return message;
  const [backEnd, backEndGpuFd] = socketPair();
  // It ends by itself when one of the two ends is closed.
  new Worker(new URL(import.meta.url), { workerData: { backEnd, qemu } satisfies GpuSocketEnds }).unref();
  return { ...message, fds: [backEndGpuFd] };
}

function relayGpuSocket({ backEnd, qemu }: GpuSocketEnds): void {
  const show = (shown: Message): Message => {
    tell(shown);
    return shown;
  };
  const passers = new Map([
    [backEnd, passMessages(backEnd, qemu, show)],
    [qemu, passBytes(qemu, backEnd)],
  ]);
  try {
    while (serve(passers, -1));
  } catch (error) {
    // An end that went in the middle of a message: the other one learns it from its closed socket.
    writeSync(2, `gpu-tap: ${String(error)}\n`);
  }
  for (const fd of passers.keys()) closeSync(fd);
}

/** Ends with the back-end, which ends with QEMU or by SIGTERM. */
async function main([socketPath, command, ...args]: readonly string[]): Promise<number> {
  if (socketPath === undefined || command === undefined) throw new Error("gpu-tap.js SOCKET COMMAND ARG...");
  const listenFd = listenUnix(socketPath);
  const [backEndFd, theirs] = socketPair();
  const child = spawn(command, [...args, "--fd=3"], { stdio: ["ignore", "inherit", "inherit", theirs] });
  closeSync(theirs);
  const ended = new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
  let isStopped = false;
  process.on("SIGTERM", () => (isStopped = true));
  let qemuFd = -1;
  while (qemuFd < 0 && !isStopped) {
    await waitReadable(listenFd, POLL_US / 1000);
    qemuFd = acceptUnix(listenFd);
  }
  const passers = new Map([
    [qemuFd, passMessages(qemuFd, backEndFd, tapGpuSocket)],
    [backEndFd, passBytes(backEndFd, qemuFd)],
  ]);
  try {
    while (!isStopped && serve(passers, POLL_US)) await turn();
  } catch (error) {
    writeSync(2, `gpu-tap: ${String(error)}\n`);
  }
  for (const fd of passers.keys()) if (fd >= 0) closeSync(fd);
  return ended;
}

if (isMainThread) process.exit(await main(process.argv.slice(2)));
else relayGpuSocket(workerData as GpuSocketEnds);
