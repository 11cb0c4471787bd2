/**
 * Boots a guest under TCG with a vhost-user back-end as its GPU, runs one command in it, and ends everything it started, also when
 * the back-end dies: the guest would wait for ever.
 */
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { socketPair } from "#virtgpu/native/index.js";
import type { GuestKernel } from "./kernel.js";
import { Qmp } from "./qmp.js";
import type { Qemu } from "./qemu.js";
import { run } from "./run.js";

/** A vhost-user back-end: it listens at a socket, or inherits a connected one. */
export interface BackEndCommand {
  readonly command: string;
  /** The command line for a socket: a path, or the number of an inherited descriptor. */
  readonly args: (socket: string) => readonly string[];
  /** `fd`: as libvirt starts it. Default `path`. */
  readonly by?: "path" | "fd";
  readonly env?: Readonly<Record<string, string>>;
}

/** The descriptor of an inherited socket, in the back-end and in QEMU. */
const INHERITED_FD = 3;

export interface BootOptions {
  readonly qemu: Qemu;
  readonly kernel: GuestKernel;
  readonly initramfs: string;
  readonly userland: string;
  /** Shell script for the guest. */
  readonly command: string;
  readonly backEnd: BackEndCommand;
  /** Properties after `vhost-user-gpu-pci,chardev=gpu`. */
  readonly deviceProperties?: string;
  readonly memoryMegabytes?: number;
  readonly timeoutMs?: number;
  /** Runs beside the guest, from when QEMU is up; `folder` may be written by QEMU. */
  readonly watch?: (qmp: Qmp, guest: GuestWatch) => Promise<void>;
}

/** What a watcher may look at. */
export interface GuestWatch {
  readonly folder: string;
  /** The console so far. */
  console(): string;
  isRunning(): boolean;
}

export interface BootResult {
  /** Exit status of the guest's command; null when the guest did not get that far. */
  readonly status: number | null;
  readonly console: string;
  readonly backEndLog: string;
  /** Exit status of the back-end after SIGTERM, or why it ended. */
  readonly backEndEnd: string;
  /** What ended the run early, or null. */
  readonly failure: string | null;
  readonly seconds: number;
}

const KERNEL_ARGS = [
  "console=ttyS0",
  "quiet",
  "mitigations=off",
  "nokaslr",
  "cryptomgr.notests",
  "no_timer_check",
  "clocksource=acpi_pm",
  "random.trust_cpu=on",
  "panic=-1",
  "rdinit=/init",
];

export async function bootGuest(options: BootOptions): Promise<BootResult> {
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-guest-"));
  const started = performance.now();
  const backEnd = await startBackEnd(options.backEnd, folder);
  let guest: Running | null = null;
  let failure: string | null = null;
  try {
    guest = start(options.qemu.command, qemuArgs(options, folder, backEnd.chardev), options.qemu.env, backEnd.qemuFd);
    if (backEnd.qemuFd !== null) closeSync(backEnd.qemuFd);
    const running = guest;
    const watching = watchGuest(options, folder, running);
    const limit = options.timeoutMs ?? 180_000;
    failure = await Promise.race([
      running.exited.then(() => null),
      backEndGone(backEnd.process, running),
      delay(limit, `the guest did not end within ${limit / 1000} s`, { ref: false }),
    ]);
    running.kill();
    await running.exited;
    const problem = await watching;
    failure ??= problem;
  } finally {
    guest?.kill();
    backEnd.process.child.kill("SIGTERM");
    await Promise.race([backEnd.process.exited, delay(5000)]);
    backEnd.process.kill();
    rmSync(folder, { recursive: true, force: true });
  }
  const text = guest.output().replaceAll("\r", "");
  const status = /^GUEST-STATUS:(\d+)/m.exec(text)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    console: text,
    backEndLog: backEnd.process.output(),
    backEndEnd: await backEnd.process.exited,
    failure,
    seconds: (performance.now() - started) / 1000,
  };
}

interface Running {
  readonly child: ChildProcess;
  /** Resolves to how it ended. */
  readonly exited: Promise<string>;
  /** Both output streams, in the order in which they came. */
  output(): string;
  kill(): void;
}

function start(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  inherited: number | null = null,
): Running {
  const stdio: StdioOptions = ["ignore", "pipe", "pipe"];
  if (inherited !== null) stdio.push(inherited);
  const child = spawn(command, args, { stdio, env: { ...process.env, ...env } });
  let text = "";
  const add = (chunk: Buffer): void => void (text += chunk.toString("latin1"));
  child.stdout!.on("data", add);
  child.stderr!.on("data", add);
  const exited = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, signal) => resolve(signal ?? `status ${code}`));
  });
  return { child, exited, output: () => text, kill: () => void child.kill("SIGKILL") };
}

/** A back-end that inherited its socket ends with the guest; one that ends before it leaves the guest waiting. */
async function backEndGone(backEnd: Running, guest: Running): Promise<string | null> {
  const how = await backEnd.exited;
  return Promise.race([guest.exited.then(() => null), delay(5000, `the back-end ended before the guest: ${how}`)]);
}

interface StartedBackEnd {
  readonly process: Running;
  /** QEMU's side, for `-chardev socket,id=gpu,`. */
  readonly chardev: string;
  /** A connected socket for QEMU to inherit, or null. */
  readonly qemuFd: number | null;
}

async function startBackEnd(backEnd: BackEndCommand, folder: string): Promise<StartedBackEnd> {
  if (backEnd.by === "fd") {
    const [ours, theirs] = socketPair();
    const process = start(backEnd.command, backEnd.args(`${INHERITED_FD}`), backEnd.env, theirs);
    closeSync(theirs);
    return { process, chardev: `fd=${INHERITED_FD}`, qemuFd: ours };
  }
  const socketPath = join(folder, "gpu.sock");
  const process = start(backEnd.command, backEnd.args(socketPath), backEnd.env);
  let how: string | null = null;
  void process.exited.then((end) => (how = end));
  for (let i = 0; i < 200 && how === null; i++) {
    if (existsSync(socketPath)) return { process, chardev: `path=${socketPath}`, qemuFd: null };
    await delay(50);
  }
  process.kill();
  throw new Error(`the back-end does not listen (${how ?? "10 s"}):\n${process.output()}`);
}

function qemuArgs(options: BootOptions, folder: string, chardev: string): string[] {
  const memory = options.memoryMegabytes ?? 1024;
  const properties = options.deviceProperties === undefined ? "" : `,${options.deviceProperties}`;
  return [
    ...options.qemu.args,
    ...["-nodefaults", "-no-user-config", "-no-reboot"],
    // `-cpu max` makes LLVM 15 in the guest give up.
    ...["-accel", "tcg,thread=multi", "-cpu", "Haswell", "-smp", "2", "-m", `${memory}`],
    ...["-object", `memory-backend-memfd,id=mem,size=${memory}M,share=on`],
    ...["-machine", "q35,memory-backend=mem,hpet=off"],
    ...["-kernel", options.kernel.image, "-initrd", makeInitrd(options, folder), "-append", KERNEL_ARGS.join(" ")],
    ...["-serial", "stdio", "-monitor", "none", "-display", "none"],
    ...[
      "-drive",
      `if=none,id=disk,file=${options.userland},format=raw,readonly=on`,
      "-device",
      "virtio-blk-pci,drive=disk",
    ],
    ...["-qmp", `unix:${join(folder, "qmp.sock")},server=on,wait=off`],
    ...["-chardev", `socket,id=gpu,${chardev}`, "-device", `vhost-user-gpu-pci,id=video0,chardev=gpu${properties}`],
  ];
}

/** The initramfs with the command behind it: the kernel unpacks one archive after the other. */
function makeInitrd(options: BootOptions, folder: string): string {
  const command = join(folder, "command");
  writeFileSync(command, options.command);
  const archive = run("cpio", ["-o", "-H", "newc", "--quiet"], { cwd: folder, input: "command\n" });
  const initrd = join(folder, "initrd");
  writeFileSync(initrd, Buffer.concat([readFileSync(options.initramfs), archive]));
  return initrd;
}

/** Runs the watcher. @returns what went wrong in it, or null */
async function watchGuest(options: BootOptions, folder: string, guest: Running): Promise<string | null> {
  if (options.watch === undefined) return null;
  let isRunning = true;
  void guest.exited.then(() => (isRunning = false));
  try {
    const qmp = await Qmp.connect(join(folder, "qmp.sock"));
    try {
      await options.watch(qmp, { folder, console: () => guest.output(), isRunning: () => isRunning });
    } finally {
      qmp.close();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
