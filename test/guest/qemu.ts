/** QEMU 10 from bookworm-backports, unpacked beside bookworm's libraries: 7.2's vhost-user-gpu needs KVM. */
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { DebianSuite, unpack } from "./debian.js";
import { cacheFolder } from "./paths.js";
import { lines } from "./run.js";

export interface Qemu {
  readonly command: string;
  /** Where firmware lies. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly version: string;
  /** QEMU's own vhost-user-gpu. */
  readonly referenceBackEnd: string;
}

const PACKAGES = [
  "qemu-system-x86",
  "qemu-system-common",
  "qemu-system-data",
  "qemu-system-modules-opengl",
  "qemu-system-gui",
];

export function prepareQemu(): Qemu {
  const debian = DebianSuite.open("bookworm-backports");
  const debs = debian.downloadAlone(PACKAGES);
  const version = /_([^_]+)_/.exec(debs[0]!)?.[1] ?? "unknown";
  const root = join(cacheFolder("qemu"), version);
  if (!existsSync(root)) {
    unpack(debs, `${root}.new`);
    renameSync(`${root}.new`, root);
  }
  const command = join(root, "usr/bin/qemu-system-x86_64");
  const env = { QEMU_MODULE_DIR: join(root, "usr/lib/x86_64-linux-gnu/qemu") };
  const folders = [join(root, "usr/share/qemu"), "/usr/share/seabios", "/usr/share/qemu"];
  return {
    command,
    args: folders.flatMap((folder) => ["-L", folder]),
    env,
    version: lines(command, ["--version"], { env })[0] ?? "",
    referenceBackEnd: join(root, "usr/lib/qemu/vhost-user-gpu"),
  };
}
