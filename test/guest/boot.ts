/**
 * Boots a guest under TCG with a GPU, runs one command in it, and ends everything it started, also when the back-end dies: the
 * guest would wait for ever.
 */
import { copyFileSync, closeSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { BackEnd, type BackEndCommand } from "./back-end.js";
import { GuestWatch } from "./guest-watch.js";
import type { GuestKernel } from "./kernel.js";
import { type Running, start } from "./process.js";
import { Qmp } from "./qmp.js";
import type { Qemu } from "./qemu.js";
import { run } from "./run.js";

export interface BootOptions {
  readonly qemu: Qemu;
  readonly kernel: GuestKernel;
  readonly initramfs: string;
  readonly userland: string;
  /** Shell script for the guest. `step NAME` in it waits for the watcher. */
  readonly command: string;
  /** A command is started and ended with the guest; a running one is left running. Null: the device is inside QEMU. */
  readonly backEnd: BackEndCommand | BackEnd | null;
  /** Properties after `vhost-user-gpu-pci,chardev=gpu`. */
  readonly deviceProperties?: string;
  /** The whole `-device`, where there is no back-end. */
  readonly device?: string;
  /** `-display`. Default `none`. */
  readonly display?: string;
  readonly qemuEnv?: Readonly<Record<string, string>>;
  /** Executables of this machine that the guest finds in its PATH. */
  readonly programs?: readonly string[];
  /** `reboot` in the guest starts it again, instead of ending QEMU. */
  readonly mayReboot?: boolean;
  readonly memoryMegabytes?: number;
  /** Behind the kernel's usual arguments. */
  readonly kernelArgs?: readonly string[];
  readonly timeoutMs?: number;
  /** Runs beside the guest, from when QEMU is up. What it throws ends the guest. */
  readonly watch?: (qmp: Qmp, guest: GuestWatch) => Promise<void>;
}

export interface BootResult {
  /** Exit status of the guest's command; null when the guest did not get that far. */
  readonly status: number | null;
  readonly console: string;
  readonly backEndLog: string;
  /** Exit status of the back-end after SIGTERM, or why it ended; empty when it was left running. */
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
  const isOurs = options.backEnd !== null && !(options.backEnd instanceof BackEnd);
  let backEnd: BackEnd | null = null;
  let guest: Running | null = null;
  let failure: string | null;
  let backEndEnd = "";
  try {
    backEnd = options.backEnd instanceof BackEnd ? options.backEnd : await startOwn(options.backEnd);
    guest = startQemu(options, folder, backEnd);
    failure = await untilEnd(options, folder, guest, backEnd);
  } finally {
    guest?.kill();
    if (isOurs) backEndEnd = (await backEnd?.end()) ?? "";
    rmSync(folder, { recursive: true, force: true });
  }
  await guest.exited;
  const text = guest.output().replaceAll("\r", "");
  const status = /^GUEST-STATUS:(\d+)/m.exec(text)?.[1];
  return {
    status: status === undefined ? null : Number(status),
    console: text,
    backEndLog: backEnd?.process.output() ?? "",
    backEndEnd,
    failure,
    seconds: (performance.now() - started) / 1000,
  };
}

async function startOwn(command: BackEndCommand | null): Promise<BackEnd | null> {
  return command === null ? null : BackEnd.start(command);
}

function startQemu(options: BootOptions, folder: string, backEnd: BackEnd | null): Running {
  const inherited = backEnd?.qemuFd ?? null;
  const env = { ...options.qemu.env, ...options.qemuEnv };
  const guest = start(options.qemu.command, qemuArgs(options, folder, backEnd), { env, inherited });
  if (backEnd !== null && inherited !== null) {
    closeSync(inherited);
    backEnd.qemuFd = null;
  }
  return guest;
}

/** Waits for the guest to end, or for what must end it. @returns what went wrong, or null */
async function untilEnd(options: BootOptions, folder: string, guest: Running, backEnd: BackEnd | null) {
  const limit = options.timeoutMs ?? 900_000;
  const watching = watchGuest(options, folder, guest, backEnd);
  const failure = await Promise.race([
    guest.exited.then(() => null),
    ...(backEnd === null ? [] : [backEndGone(backEnd.process, guest)]),
    watching.then((problem) => problem ?? guest.exited.then(() => null)),
    delay(limit, `the guest did not end within ${limit / 1000} s`, { ref: false }),
  ]);
  guest.kill();
  await guest.exited;
  return failure ?? (await watching);
}

/** A back-end that inherited its socket ends with the guest; one that ends before it leaves the guest waiting. */
async function backEndGone(backEnd: Running, guest: Running): Promise<string | null> {
  const how = await backEnd.exited;
  return Promise.race([guest.exited.then(() => null), delay(60_000, `the back-end ended before the guest: ${how}`)]);
}

function qemuArgs(options: BootOptions, folder: string, backEnd: BackEnd | null): string[] {
  const memory = options.memoryMegabytes ?? 1024;
  return [
    ...options.qemu.args,
    ...["-nodefaults", "-no-user-config", ...(options.mayReboot === true ? [] : ["-no-reboot"])],
    // `-cpu max` makes LLVM 15 in the guest give up.
    ...["-accel", "tcg,thread=multi", "-cpu", "Haswell", "-smp", "2", "-m", `${memory}`],
    ...["-object", `memory-backend-memfd,id=mem,size=${memory}M,share=on`],
    ...["-machine", "q35,memory-backend=mem,hpet=off"],
    ...[
      "-kernel",
      options.kernel.image,
      "-initrd",
      makeInitrd(options, folder),
      "-append",
      [...KERNEL_ARGS, ...(options.kernelArgs ?? [])].join(" "),
    ],
    ...["-serial", "stdio", "-monitor", "none", "-display", options.display ?? "none"],
    ...["-drive", `if=none,id=disk,file=${options.userland},format=raw,readonly=on`],
    ...["-device", "virtio-blk-pci,drive=disk"],
    ...["-qmp", `unix:${join(folder, "qmp.sock")},server=on,wait=off`],
    ...gpuArgs(options, backEnd),
  ];
}

function gpuArgs(options: BootOptions, backEnd: BackEnd | null): string[] {
  if (backEnd === null) return ["-device", options.device ?? "virtio-gpu-pci,id=video0"];
  const properties = options.deviceProperties === undefined ? "" : `,${options.deviceProperties}`;
  const device = `vhost-user-gpu-pci,id=video0,chardev=gpu${properties}`;
  return ["-chardev", `socket,id=gpu,${backEnd.chardev}`, "-device", device];
}

/** What the guest's script may call. */
const SHELL_FUNCTIONS = `
step() { echo "GUEST-STEP:$1"; read -r ANSWER; }
`;

/** The initramfs with command and programs behind it: the kernel unpacks one archive after the other. */
function makeInitrd(options: BootOptions, folder: string): string {
  const extra = join(folder, "extra");
  mkdirSync(join(extra, "programs"), { recursive: true });
  writeFileSync(join(extra, "command"), SHELL_FUNCTIONS + options.command);
  for (const program of options.programs ?? []) copyFileSync(program, join(extra, "programs", basename(program)));
  const files = run("find", ["."], { cwd: extra });
  const archive = run("cpio", ["-o", "-H", "newc", "--quiet"], { cwd: extra, input: files });
  const initrd = join(folder, "initrd");
  writeFileSync(initrd, Buffer.concat([readFileSync(options.initramfs), archive]));
  return initrd;
}

/** Runs the watcher. @returns what went wrong in it, or null */
async function watchGuest(
  options: BootOptions,
  folder: string,
  guest: Running,
  backEnd: BackEnd | null,
): Promise<string | null> {
  if (options.watch === undefined) return null;
  try {
    const qmp = await Qmp.connect(join(folder, "qmp.sock"));
    try {
      await options.watch(qmp, new GuestWatch(folder, guest, backEnd?.process ?? null));
    } finally {
      qmp.close();
    }
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
