/** The guests that tests boot, put together once per run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import type { BackEndCommand } from "./back-end.js";
import { type GuestKernel, prepareInitramfs, prepareKernel } from "./kernel.js";
import { run } from "./run.js";
import { prepareQemu, type Qemu } from "./qemu.js";
import type { Suite } from "./debian.js";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** Our back-end, as QEMU's users start it. */
export function ourBackEnd(...flags: string[]): BackEndCommand {
  return {
    command: join(root, "bin", "vhost-user-virtgpu"),
    args: (socketPath) => [`--socket-path=${socketPath}`, ...flags],
  };
}

/**
 * Our back-end as libvirt starts it: found through the descriptor that `virtgpu install-descriptor` writes to `folder`, with an
 * inherited socket and the arguments that libvirt adds for 3D.
 */
export function installedBackEnd(folder: string): BackEndCommand {
  const path = run(join(root, "bin", "virtgpu"), ["install-descriptor", `--dest=${folder}`])
    .toString("utf8")
    .trim();
  const { type, binary } = JSON.parse(readFileSync(path, "utf8")) as { type: string; binary: string };
  if (type !== "gpu") throw new Error(`the descriptor is of type ${type}`);
  const capabilities = JSON.parse(run(binary, ["--print-capabilities"]).toString("utf8")) as { features: string[] };
  if (!capabilities.features.includes("virgl")) throw new Error("the installed back-end cannot do virgl");
  return { command: binary, args: (fd) => [`--fd=${fd}`, "--virgl"], by: "fd" };
}

/** Our back-end with `gpu-tap.js` before it, which writes down what is shown. */
export function tappedBackEnd(...flags: string[]): BackEndCommand {
  const tap = fileURLToPath(new URL("./gpu-tap.js", import.meta.url));
  const command = join(root, "bin", "vhost-user-virtgpu");
  return { command: process.execPath, args: (socketPath) => [tap, socketPath, command, ...flags] };
}

/** QEMU's own 2D back-end. */
export function referenceBackEnd(qemu: Qemu): BackEndCommand {
  return { command: qemu.referenceBackEnd, args: (socketPath) => ["-s", socketPath] };
}

export interface GuestMachine {
  readonly qemu: Qemu;
  readonly kernel: GuestKernel;
  readonly initramfs: string;
}

const machines = new Map<Suite, GuestMachine>();

/** QEMU and a kernel with the drivers of our guests, looked up once. Downloads what is missing from the cache. */
export function prepareMachine(kernelSuite: Suite = "bookworm-backports"): GuestMachine {
  let machine = machines.get(kernelSuite);
  if (machine === undefined) {
    const qemu = prepareQemu();
    const kernel = prepareKernel(kernelSuite);
    const modules = ["virtio_pci", "virtio_blk", "ext4", "virtio_gpu"];
    machine = { qemu, kernel, initramfs: prepareInitramfs(kernel, modules) };
    machines.set(kernelSuite, machine);
  }
  return machine;
}

/** Why no guest can be booted here, or null: a test prints it when it skips. */
export function guestRefusal(): string | null {
  if (process.arch !== "x64") return `guests are x86-64 ones; this machine is ${process.arch}`;
  if (process.getuid?.() !== 0) return "unpacking Debian packages as they are needs root";
  const tools = ["apt-get", "dpkg-deb", "cpio", "depmod", "modprobe", "xz", "readelf", "mke2fs", "ldconfig", "cc"];
  const missing = tools.filter((tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0);
  if (missing.length > 0) return `these tools are missing: ${missing.join(" ")}`;
  if (!existsSync("/bin/busybox")) return "busybox-static is not installed";
  return null;
}
