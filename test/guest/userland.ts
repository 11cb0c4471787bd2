/** A guest's userland: chosen programs of Debian packages with the libraries they need, as an ext4 image. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { DebianSuite, type Suite, unpack } from "./debian.js";
import { cacheFolder } from "./paths.js";
import { lines, run } from "./run.js";

export interface UserlandRecipe {
  readonly name: string;
  readonly suite: Suite;
  readonly packages: readonly string[];
  /** Programs and libraries, as paths in the packages; libraries they link to come along by themselves. */
  readonly files: readonly string[];
  /** Folders to take whole. */
  readonly folders?: readonly string[];
}

const LIBRARIES = "usr/lib/x86_64-linux-gnu";
const LOADER = "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";

const BASE_2D = ["busybox-static", "libdrm-tests"];
const MESA = ["libgl1-mesa-dri", "libegl-mesa0", "libgles2", "libegl1", "libgbm1"];

/** modetest. */
export const USERLAND_2D: UserlandRecipe = {
  name: "2d",
  suite: "bookworm",
  packages: BASE_2D,
  files: ["usr/bin/modetest"],
};

/** kmscube and glmark2 on Mesa's virgl driver of a suite. */
export function virglUserland(suite: "bookworm" | "trixie"): UserlandRecipe {
  const driver =
    suite === "bookworm"
      ? [`${LIBRARIES}/dri/virtio_gpu_dri.so`]
      : [`${LIBRARIES}/dri/libdril_dri.so`, `${LIBRARIES}/gbm/dri_gbm.so`];
  return {
    name: `virgl-${suite}`,
    suite,
    packages: [...BASE_2D, ...MESA, "kmscube", "glmark2-es2-drm"],
    files: [
      "usr/bin/modetest",
      "usr/bin/kmscube",
      "usr/bin/glmark2-es2-drm",
      ...driver,
      `${LIBRARIES}/libEGL_mesa.so.0`,
      `${LIBRARIES}/libEGL.so.1`,
      `${LIBRARIES}/libGLESv2.so.2`,
      `${LIBRARIES}/libgbm.so.1`,
    ],
    folders: ["usr/share/glvnd", "usr/share/drirc.d", "usr/share/glmark2"],
  };
}

/** @returns the path of the ext4 image; made once, again when recipe or package versions change */
export function prepareUserland(recipe: UserlandRecipe): string {
  const debian = DebianSuite.open(recipe.suite);
  const names = debian.closure(recipe.packages);
  const key = createHash("sha256")
    .update(JSON.stringify([recipe, names]))
    .digest("hex")
    .slice(0, 12);
  const image = join(cacheFolder("userland"), `${recipe.name}-${key}.img`);
  if (existsSync(image)) return image;
  const work = join(cacheFolder("userland"), `${recipe.name}-${key}.work`);
  const all = join(work, "all");
  const chosen = join(work, "chosen");
  unpack(debian.download(recipe.packages), all);
  choose(all, chosen, recipe);
  makeImage(chosen, `${image}.new`);
  renameSync(`${image}.new`, image);
  rmSync(work, { recursive: true, force: true });
  return image;
}

/** Copies files with the closure of the libraries they name, links followed. */
function choose(all: string, chosen: string, recipe: UserlandRecipe): void {
  for (const folder of [
    "usr/bin",
    "usr/sbin",
    "usr/lib",
    "usr/lib64",
    "proc",
    "sys",
    "dev",
    "run",
    "tmp",
    "root",
    "mnt",
    "etc",
  ]) {
    mkdirSync(join(chosen, folder), { recursive: true });
  }
  for (const name of ["bin", "sbin", "lib", "lib64"]) symlinkSync(`usr/${name}`, join(chosen, name));
  const waiting = [...recipe.files, LOADER, "usr/bin/busybox"];
  const done = new Set<string>();
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (done.has(file)) continue;
    done.add(file);
    const source = realpathSync(join(all, file));
    mkdirSync(dirname(join(chosen, file)), { recursive: true });
    copyFileSync(source, join(chosen, file));
    for (const needed of neededLibraries(source)) {
      if (existsSync(join(all, LIBRARIES, needed))) waiting.push(`${LIBRARIES}/${needed}`);
    }
  }
  for (const folder of recipe.folders ?? []) {
    mkdirSync(dirname(join(chosen, folder)), { recursive: true });
    if (existsSync(join(all, folder))) run("cp", ["-r", join(all, folder), join(chosen, folder)]);
  }
  linkBusybox(chosen);
  symlinkSync(`../../${LOADER}`, join(chosen, "usr", "lib64", "ld-linux-x86-64.so.2"));
  run("ldconfig", ["-r", chosen]);
}

function neededLibraries(file: string): string[] {
  if (!statSync(file).isFile()) return [];
  const found: string[] = [];
  try {
    for (const line of lines("readelf", ["-d", file])) {
      const name = /\(NEEDED\).*\[(.*)\]/.exec(line)?.[1];
      if (name !== undefined) found.push(name);
    }
  } catch {
    // Not an ELF file: a script or data needs no library.
  }
  return found;
}

function linkBusybox(root: string): void {
  const present = new Set([...readdirSync(join(root, "usr/bin")), ...readdirSync(join(root, "usr/sbin"))]);
  for (const applet of lines(join(root, "usr/bin/busybox"), ["--list"])) {
    if (applet !== "" && !present.has(applet)) symlinkSync("busybox", join(root, "usr/bin", applet));
  }
}

/** Plain ext4 without journal: what boots fastest under emulation. */
function makeImage(folder: string, image: string): void {
  const kilobytes = Number(lines("du", ["-sk", folder])[0]!.split("\t")[0]);
  const megabytes = Math.ceil((kilobytes / 1024) * 1.15) + 24;
  rmSync(image, { force: true });
  const features = "^has_journal,^metadata_csum";
  run("mke2fs", [
    "-q",
    "-t",
    "ext4",
    "-O",
    features,
    "-m",
    "0",
    "-E",
    "root_owner=0:0",
    "-d",
    folder,
    image,
    `${megabytes}M`,
  ]);
}
