/** A Debian kernel with its modules, and an initramfs that boots our guests. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  copyFileSync,
  chmodSync,
} from "node:fs";
import { basename, join } from "node:path";
import { DebianSuite, type Suite, unpack } from "./debian.js";
import { cacheFolder } from "./paths.js";
import { lines, run } from "./run.js";

export interface GuestKernel {
  /** As `uname -r` in the guest. */
  readonly version: string;
  readonly image: string;
  /** Holds lib/modules/VERSION. */
  readonly root: string;
}

/** Downloads and unpacks the suite's newest kernel. */
export function prepareKernel(suite: Suite, flavour = "linux-image-amd64"): GuestKernel {
  const debian = DebianSuite.open(suite);
  const name = debian.closure([flavour]).find((entry) => /^linux-image-\d/.test(entry));
  if (name === undefined) throw new Error(`${suite} has no kernel behind ${flavour}`);
  const packageName = name.slice(0, name.indexOf("_"));
  const version = packageName.slice("linux-image-".length);
  const root = join(cacheFolder("kernel"), name);
  const image = join(root, "boot", `vmlinuz-${version}`);
  if (!existsSync(image)) {
    const fresh = `${root}.new`;
    unpack(debian.downloadAlone([packageName]), fresh);
    run("depmod", ["-b", fresh, version]);
    rmSync(root, { recursive: true, force: true });
    renameSync(fresh, root);
  }
  return { version, image, root };
}

/**
 * What runs first in the guest: loads modules, mounts the userland read-only with temporary folders over it, runs /command there
 * and reports its status on the console.
 */
const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mkdir -p /dev /proc /sys
$b mount -t devtmpfs none /dev && $b mount -t proc none /proc && $b mount -t sysfs none /sys
exec </dev/console >/dev/console 2>&1
for module in /modules/*; do $b insmod $module || $b echo "GUEST-PROBLEM: $module cannot be loaded"; done
if $b mount -t ext4 -o ro /dev/vda /root; then
  for folder in dev proc sys; do $b mount --move /$folder /root/$folder; done
  for folder in tmp run mnt; do $b mount -t tmpfs none /root/$folder; done
  $b mkdir -p /root/dev/shm /root/dev/pts
  $b mount -t tmpfs none /root/dev/shm; $b mount -t devpts none /root/dev/pts
  $b cp /command /root/run/command
  $b mkdir -p /root/run/programs; $b cp /programs/* /root/run/programs/ 2>/dev/null
  $b echo "GUEST-READY"
  $b chroot /root /usr/bin/env -i PATH=/run/programs:/usr/bin:/usr/sbin HOME=/tmp XDG_RUNTIME_DIR=/run LC_ALL=C /bin/sh /run/command
  status=$?
else
  status=98
fi
$b echo; $b echo "GUEST-STATUS:$status"
$b poweroff -f
`;

/** An uncompressed initramfs with busybox and the modules (with what they need). */
export function prepareInitramfs(kernel: GuestKernel, modules: readonly string[]): string {
  const out = join(cacheFolder("initramfs"), `${kernel.version}-${modules.join("-")}.cpio`);
  const stamp = `${out}.init`;
  if (existsSync(out) && existsSync(stamp) && readFileSync(stamp, "utf8") === INIT) return out;
  const work = `${out}.work`;
  rmSync(work, { recursive: true, force: true });
  for (const folder of ["bin", "root", "modules"]) mkdirSync(join(work, folder), { recursive: true });
  copyFileSync("/bin/busybox", join(work, "bin", "busybox"));
  symlinkSync("busybox", join(work, "bin", "sh"));
  writeFileSync(join(work, "init"), INIT);
  chmodSync(join(work, "init"), 0o755);
  copyModules(kernel, modules, join(work, "modules"));
  writeFileSync(
    out,
    run("cpio", ["-o", "-H", "newc", "--quiet"], { cwd: work, input: run("find", ["."], { cwd: work }) }),
  );
  writeFileSync(stamp, INIT);
  rmSync(work, { recursive: true, force: true });
  return out;
}

/** Copies modules, uncompressed and numbered in the order in which they must be loaded. */
function copyModules(kernel: GuestKernel, modules: readonly string[], folder: string): void {
  const files: string[] = [];
  for (const module of modules) {
    for (const line of lines("modprobe", ["-d", kernel.root, "-S", kernel.version, "--show-depends", module])) {
      const path = /^insmod (\S+)/.exec(line)?.[1];
      if (path !== undefined && !files.includes(path)) files.push(path);
    }
  }
  files.forEach((path, i) => {
    const target = join(folder, `${100 + i}-${basename(path).replace(/\.xz$/, "")}`);
    if (path.endsWith(".xz")) writeFileSync(target, run("xz", ["-dc", path]));
    else copyFileSync(path, target);
  });
}

/** Names of the modules in a kernel, for tests of the harness itself. */
export function hasModules(kernel: GuestKernel): boolean {
  return readdirSync(join(kernel.root, "lib", "modules")).includes(kernel.version);
}
