/**
 * A host that is as picky as an embedded board: the real driver (Mesa 25) behind a libEGL.so.1 of our own, which refuses, fails or bounces as
 * it is told. llvmpipe accepts every import, so what is never refused here proves nothing.
 */
import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { mesa25Environment } from "../mesa25/mesa25.js";

const compiled = dirname(fileURLToPath(import.meta.url));
/** Compiled tests lie in test/dist. */
const repository = compiled.slice(0, compiled.lastIndexOf(`${sep}test${sep}`));
const sources = join(repository, "test", relative(join(repository, "test", "dist"), compiled));
const built = join(repository, "build", "picky-host");

/** What the board refuses; every rule that is absent leaves the real driver as it is. README.md tells each. */
export interface PickyRules {
  /** Strides must be a multiple of this many bytes. */
  readonly stride?: number;
  /** Strides must be a multiple of this many texels. */
  readonly strideTexels?: number;
  /** Offsets must be a multiple of this many bytes; `none`: only 0. */
  readonly offset?: number | "none";
  readonly formats?: readonly string[];
  readonly modifier?: "needed" | "refused";
  readonly size?: readonly [width: number, height: number];
  /** Bytes [from, to) of the file count as pages above 4 GiB. */
  readonly high?: readonly [from: number, to: number];
  /** Physical addresses from here on are out of reach. Needs CAP_SYS_ADMIN. */
  readonly dmaLimit?: number;
  /** What lies high, or out of reach, is bounced instead of refused. */
  readonly highBounces?: boolean;
  /** Accepts, and keeps a copy of its own. */
  readonly bounce?: boolean;
  /** How a refused import is answered. Default: EGL_BAD_ACCESS. */
  readonly error?: "access" | "alloc" | "match" | "crash";
  /** Platforms on which eglInitialize fails. */
  readonly initialize?: readonly ("surfaceless" | "device" | "gbm" | "wayland")[];
  /** What it says then. 0x3000: nothing. */
  readonly initializeError?: number;
  /** A DRM device that imports nothing stands first, and "surfaceless" takes it. */
  readonly drmFirst?: boolean;
  readonly glesOnly?: boolean;
  /** Extensions that are not told. */
  readonly hide?: readonly string[];
  /** A file that gets a line per refusal. */
  readonly log?: string;
}

/** The value of VIRTGPU_PICKY. */
export function describeRules(rules: PickyRules): string {
  const words: string[] = [];
  for (const [key, value] of Object.entries(rules)) {
    const name = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    if (value === true) words.push(name);
    else if (key === "size") words.push(`size=${value.join("x")}`);
    else if (key === "high") words.push(`high=${value.join("-")}`);
    else if (Array.isArray(value)) words.push(`${name}=${value.join("+")}`);
    else if (value !== false && value !== undefined) words.push(`${name}=${String(value)}`);
  }
  return words.join(";");
}

/** What a process needs in its environment to run on that board. Unpacks Mesa 25 and compiles the interposer the first time. */
export async function pickyEnvironment(rules: PickyRules): Promise<Readonly<Record<string, string>>> {
  const [mesa] = await Promise.all([mesa25Environment(), buildInterposer()]);
  return {
    LIBGL_ALWAYS_SOFTWARE: "1",
    ...mesa,
    LD_LIBRARY_PATH: `${built}:${mesa.LD_LIBRARY_PATH}`,
    VIRTGPU_PICKY: describeRules(rules),
  };
}

/** Runs the C program that tells what the board does. @returns its lines */
export async function askIndependently(rules: PickyRules, args: readonly string[]): Promise<readonly string[]> {
  const program = await buildIndependent();
  const env = { ...process.env, ...(await pickyEnvironment(rules)) };
  const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: 300_000 });
  return stdout.trim().split("\n");
}

async function buildInterposer(): Promise<void> {
  const folder = join(sources, "interposer");
  const files = readdirSync(folder).map((name) => join(folder, name));
  const flags = ["-shared", "-fPIC", "-Wno-cast-function-type", "-Wl,-soname,libEGL.so.1"];
  await compile(files, join(built, "libEGL.so.1"), flags, ["-ldl"]);
}

async function buildIndependent(): Promise<string> {
  const program = join(built, "independent");
  await compile([join(sources, "independent.c")], program, [], ["-lEGL", "-lGLESv2"]);
  return program;
}

const modified = (path: string): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Compiles what is out of date; several processes may do so at once. */
async function compile(
  files: readonly string[],
  output: string,
  flags: readonly string[],
  libraries: readonly string[],
) {
  if (files.every((file) => modified(file) < modified(output))) return;
  mkdirSync(built, { recursive: true });
  const temporary = `${output}.${process.pid}`;
  const inputs = files.filter((file) => file.endsWith(".c"));
  const common = ["-std=gnu11", "-D_GNU_SOURCE", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fmax-errors=3"];
  await promisify(execFile)(process.env["CC"] ?? "cc", [...common, ...flags, "-o", temporary, ...inputs, ...libraries]);
  renameSync(temporary, output);
}
