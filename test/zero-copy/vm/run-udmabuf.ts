/**
 * `npm run test:udmabuf`: our process and the test kit inside a VM (TCG) with Debian's cloud kernel, which has /dev/udmabuf and no DRM, on
 * Mesa 25's software driver. Takes three minutes, more on a busy machine; needs root, as everything that unpacks Debian packages.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { bootGuest } from "../../guest/boot.js";
import { guestRefusal } from "../../guest/guests.js";
import { prepareInitramfs, prepareKernel } from "../../guest/kernel.js";
import { prepareQemu } from "../../guest/qemu.js";
import { prepareUserland, type UserlandRecipe } from "../../guest/userland.js";
import type { CheckResult } from "../report.js";

const SUITE = "bookworm-backports";
const LIBRARIES = "usr/lib/x86_64-linux-gnu";
const TIMEOUT_MS = 900_000;

/** Mesa 25's software driver and what Node links to. */
const USERLAND: UserlandRecipe = {
  name: "mesa25",
  suite: SUITE,
  packages: [
    "busybox-static",
    "libegl1",
    "libgles2",
    "libegl-mesa0",
    "libgl1-mesa-dri",
    "mesa-libgallium",
    "libstdc++6",
  ],
  files: [
    ...["libEGL.so.1", "libGLESv2.so.2", "libEGL_mesa.so.0", "libstdc++.so.6", "libgcc_s.so.1"],
    ...["libdl.so.2", "libpthread.so.0", "libm.so.6", "libc.so.6"],
  ].map((name) => `${LIBRARIES}/${name}`),
  folders: ["usr/share/glvnd"],
};

/** Run one after the other: the program, and what it is told. The first word of each names it on the command line. */
const RUNS: readonly (readonly [program: string, args: string])[] = [
  ["udmabuf-program", ""],
  ["dma-program", ""],
  ["host-blobs-program", "BACK_END host-heap --host-heap=system"],
  // Nobody vouches for a heap that takes pages from anywhere, and the kernel does not tell which.
  ["host-blobs-program", "BACK_END copied --host-heap=system --dma-bits=32"],
  // A heap called as CMA heaps are: whoever names it vouches for it.
  ["host-blobs-program", "BACK_END host-heap --host-heap=/tmp/heaps/linux,cma --dma-bits=32"],
  ["host-reach-program", "BACK_END"],
  ["probe-program", ""],
];
/** Where each program lies beside this one. */
const FOLDERS: Readonly<Record<string, string>> = { "host-blobs-program": "../" };
/** The back-end's process and its thread, where the first looks for the second. */
const BACK_END = ["packages/virtgpu/dist/cli/vhost-user.js", "packages/virtgpu/dist/host/vhost-user-worker.js"];
const BACK_END_IN_VM = "/tmp/app/dist/vm/vhost-user.js";
/** The process that `probe` starts for its trials, where it looks for it. */
const TRIAL_CHILD = "packages/virtgpu/dist/probe/trial-child.js";
/** Memory below and above 4 GiB. */
const MEMORY_MEGABYTES = 6144;

/** The usual one runs back by seconds when the VM stands still for some (it counts 24 bits), of which processes die. */
const CLOCK = ["clocksource=tsc", "tsc=reliable"];

const root = fileURLToPath(new URL("../../../../", import.meta.url));

/** One file of everything, as the VM has no node_modules; the addon lies where the bundle looks for it. */
async function bundle(folder: string): Promise<string[]> {
  const names = [...new Set(RUNS.map(([program]) => program))];
  const others = [TRIAL_CHILD, ...BACK_END].map((path) => join(root, path));
  const own = names.map((name) => fileURLToPath(new URL(`./${FOLDERS[name] ?? ""}${name}.js`, import.meta.url)));
  const programs = [...own, ...others].map((path) => join(folder, `${basename(path, ".js")}.mjs`));
  await build({
    entryPoints: [...own, ...others],
    entryNames: "[name]",
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    // For what is not a module among the dependencies.
    banner: {
      js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);',
    },
    target: "node20",
    logLevel: "error",
  });
  const addon = join(folder, "virtgpu.node");
  copyFileSync(join(root, "packages/virtgpu/build/virtgpu.node"), addon);
  return [process.execPath, ...programs, addon];
}

const PREPARE = `
mkdir -p /tmp/app/build /tmp/app/dist/vm
cp /run/programs/virtgpu.node /tmp/app/build/
cp /run/programs/*.mjs /tmp/app/dist/vm/
echo '{"type":"module"}' > /tmp/app/dist/vm/package.json
for name in trial-child vhost-user vhost-user-worker; do mv /tmp/app/dist/vm/$name.mjs /tmp/app/dist/vm/$name.js; done
echo '{"version":"0"}' > /tmp/app/package.json
mkdir /tmp/heaps && ln -s /dev/dma_heap/system /tmp/heaps/linux,cma
export LIBGL_ALWAYS_SOFTWARE=1
`;

/** All programs, or those whose names hold one of the words. */
function commandFor(words: readonly string[]): string {
  const wanted = RUNS.filter(([name]) => words.length === 0 || words.some((word) => name.includes(word)));
  const lines = wanted.map(([name, args]) => {
    const settings = name === "udmabuf-program" ? "VIRTGPU_REFUSE_IMPORT=memfd " : "";
    return `${settings}node /tmp/app/dist/vm/${name}.mjs ${args.replace("BACK_END", BACK_END_IN_VM)}`;
  });
  return `${PREPARE}${lines.join(" && ")}\n`;
}

async function main(): Promise<number> {
  const refusal = guestRefusal();
  if (refusal !== null) {
    console.log(`no VM here: ${refusal}`);
    return 3;
  }
  const kernel = prepareKernel(SUITE, "linux-image-cloud-amd64");
  const initramfs = prepareInitramfs(kernel, ["virtio_pci", "virtio_blk", "ext4"]);
  const folder = mkdtempSync(join(tmpdir(), "virtgpu-udmabuf-"));
  try {
    const result = await bootGuest({
      qemu: prepareQemu(),
      kernel,
      initramfs,
      userland: prepareUserland(USERLAND),
      command: commandFor(process.argv.slice(2)),
      backEnd: null,
      device: "virtio-rng-pci",
      programs: await bundle(folder),
      memoryMegabytes: MEMORY_MEGABYTES,
      kernelArgs: CLOCK,
      timeoutMs: TIMEOUT_MS,
    });
    return report(result.console, result.status, result.failure, result.seconds);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report(console_: string, status: number | null, failure: string | null, seconds: number): number {
  const lines = console_.split("\n").filter((line) => line.startsWith('{"name"'));
  const checks = lines.map((line) => JSON.parse(line) as CheckResult);
  for (const { name, error, note } of checks) {
    const words = error === undefined ? (note === undefined ? "" : ` (${note})`) : `\n${error}`;
    console.log(`${error === undefined ? "ok  " : "FAIL"} ${name}${words}`);
  }
  const failed = checks.filter(({ error }) => error !== undefined).length;
  const isGood = status === 0 && failure === null && failed === 0 && checks.length > 0;
  if (!isGood) console.log(`${failure ?? `the program ended with ${status}`}\n${console_.slice(-4000)}`);
  console.log(`${checks.length - failed} passed, ${failed} failed, in ${Math.round(seconds)} s`);
  return isGood ? 0 : 1;
}

process.exitCode = await main();
