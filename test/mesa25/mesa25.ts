/**
 * Mesa 25 beside the system's own: its software driver takes dma-bufs, and plain memfds, as textures without a copy, which Debian 12's
 * cannot. Unpacked from bookworm-backports into the cache, never installed: both Mesas stand side by side.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { DebianSuite, unpack } from "../guest/debian.js";
import { cacheFolder } from "../guest/paths.js";
import { lines, run } from "../guest/run.js";

const SUITE = "bookworm-backports";
const PACKAGES = ["libegl-mesa0", "libgbm1", "libgl1-mesa-dri", "libglx-mesa0", "mesa-libgallium"];
const LIBRARIES = "usr/lib/x86_64-linux-gnu";
/** Another process may be downloading: 60 MB on a slow line. */
const LOCK_PATIENCE_MS = 300_000;

/** What a process needs in its environment to use the unpacked Mesa. */
export type Mesa25Environment = Readonly<
  Record<"LD_LIBRARY_PATH" | "__EGL_VENDOR_LIBRARY_FILENAMES" | "LIBGL_DRIVERS_PATH" | "GBM_BACKENDS_PATH", string>
>;

/** Why Mesa 25 cannot be unpacked here, or null: a test prints it when it skips. */
export function mesa25Refusal(): string | null {
  if (process.arch !== "x64") return `Mesa 25 is unpacked for x86-64; this machine is ${process.arch}`;
  const missing = ["apt-get", "dpkg-deb", "tar"].filter((tool) => !isProgram(tool));
  return missing.length === 0 ? null : `these tools are missing: ${missing.join(" ")}`;
}

function isProgram(name: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((folder) => existsSync(join(folder, name)));
}

/** Whether it is in the cache already. */
export function isMesa25Unpacked(): boolean {
  return existsSync(join(cacheFolder("mesa25"), "current"));
}

/** Unpacks Mesa 25 the first time. Safe when several tests do so at once. @returns what to add to the environment. @throws {Error} */
export async function mesa25Environment(): Promise<Mesa25Environment> {
  const base = cacheFolder("mesa25");
  const done = join(base, "current");
  if (!existsSync(done)) await locked(join(base, "lock"), () => existsSync(done) || prepare(base, done));
  return environment(readFileSync(done, "utf8"));
}

function environment(root: string): Mesa25Environment {
  const libraries = join(root, LIBRARIES);
  return {
    LD_LIBRARY_PATH: libraries,
    __EGL_VENDOR_LIBRARY_FILENAMES: join(root, "usr/share/glvnd/egl_vendor.d/50_mesa.json"),
    LIBGL_DRIVERS_PATH: join(libraries, "dri"),
    GBM_BACKENDS_PATH: join(libraries, "gbm"),
  };
}

function prepare(base: string, done: string): true {
  const debian = DebianSuite.open(SUITE);
  const names = debian.closure(PACKAGES).map((entry) => entry.slice(0, entry.indexOf("_")));
  const wanted = names.filter((name) => isMesa(name) || !isInstalled(name));
  // apt compares what it downloads with the archive's signed checksums.
  const debs = debian.downloadAlone(wanted);
  const version = /mesa-libgallium_([^_]+)_/.exec(debs.join(" "))?.[1];
  if (version === undefined) throw new Error(`${SUITE} has no mesa-libgallium`);
  const root = join(base, version);
  unpack(debs, `${root}.new`);
  rmSync(root, { recursive: true, force: true });
  renameSync(`${root}.new`, root);
  writeFileSync(`${done}.new`, root);
  renameSync(`${done}.new`, done);
  return true;
}

function isMesa(name: string): boolean {
  return PACKAGES.includes(name) || name.startsWith("libdrm") || name === "libglapi-mesa";
}

/** Everything else the system's own Mesa brought along: the same versions serve both. */
function isInstalled(name: string): boolean {
  try {
    return lines("dpkg-query", ["-W", "-f", "${db:Status-Status}", name])[0] === "installed";
  } catch {
    return false;
  }
}

/** Runs `action` while nobody else does: `file` holds the pid of who does. */
async function locked(file: string, action: () => void): Promise<void> {
  const until = Date.now() + LOCK_PATIENCE_MS;
  while (!take(file)) {
    if (Date.now() > until) throw new Error(`${file} is in the way: remove it`);
    await delay(300);
  }
  try {
    action();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    // Held, unless its holder died.
    const holder = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (holder !== "" && !existsSync(`/proc/${holder}`)) rmSync(file, { force: true });
    return false;
  }
}

/** `node mesa25.js COMMAND…` runs it with Mesa 25; without a command prints the environment, one variable a line, to eval. */
export async function main(args: readonly string[]): Promise<void> {
  const variables = await mesa25Environment();
  if (args.length > 0) {
    process.stdout.write(run(args[0]!, args.slice(1), { env: variables }));
    return;
  }
  for (const [name, value] of Object.entries(variables)) console.log(`export ${name}=${value}`);
}
