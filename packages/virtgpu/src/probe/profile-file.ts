/** Where profiles lie, and how they are read: whatever the file holds, what comes out is a profile or an error that says where it is wrong. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { HostError } from "@virtgpu/core/base";
import type { HostProfile } from "@virtgpu/core/memory";
import * as v from "valibot";
import { makeFolder } from "../native/make-folder.js";

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(Number.MAX_SAFE_INTEGER));
const multiple = v.pipe(count, v.minValue(1));
const hex16 = v.pipe(v.string(), v.regex(/^[0-9a-f]{16}$/, "is 16 hexadecimal digits"));

const images = v.strictObject({
  acceptsMemfd: v.boolean(),
  acceptsUdmabuf: v.nullable(v.boolean()),
  strideMultipleBytes: multiple,
  strideMultiplesByTexel: v.exactOptional(v.record(v.pipe(v.string(), v.regex(/^\d{1,2}$/)), multiple)),
  offsetMultipleBytes: multiple,
  maxWidth: count,
  maxHeight: count,
  formats: v.array(
    v.strictObject({
      fourcc: count,
      canSample: v.boolean(),
      canRender: v.boolean(),
      modifiers: v.array(hex16),
    }),
  ),
  bounces: v.boolean(),
  renderBlock: v.exactOptional(v.strictObject({ width: multiple, height: multiple })),
  isCoherent: v.boolean(),
  sampleCostRatio: v.nullable(v.pipe(v.number(), v.minValue(0))),
});

const profile = v.strictObject({
  version: v.literal(1),
  driver: v.string(),
  images: v.nullable(images),
  udmabuf: v.nullable(v.strictObject({ listLimit: count, sizeLimitBytes: count, pageBytes: multiple })),
  pinned: v.nullable(v.strictObject({ addressMultipleBytes: multiple })),
  buffers: v.exactOptional(
    v.strictObject({ memoryObjects: v.boolean(), refusal: v.string(), isCoherent: v.boolean() }),
  ),
  dma: v.strictObject({ addressBits: v.nullable(v.pipe(count, v.minValue(12), v.maxValue(64))) }),
  probed: v.exactOptional(
    v.strictObject({
      date: v.pipe(v.string(), v.isoTimestamp()),
      platform: v.string(),
      software: v.boolean(),
      inexact: v.array(v.string()),
      takesPaddedRows: v.boolean(),
      modifier: v.picklist(["optional", "needed", "refused", "mixed"]),
      errors: v.record(v.string(), count),
    }),
  ),
});

/** `$XDG_CACHE_HOME/virtgpu/profile.json`: what `probe` writes and `serve` reads unless told otherwise. */
export function defaultProfilePath(environment: NodeJS.ProcessEnv = process.env): string {
  const base = environment["XDG_CACHE_HOME"];
  return join(base === undefined || base === "" ? join(homedir(), ".cache") : base, "virtgpu", "profile.json");
}

/** Replaces the file as a whole, and makes its folder. @throws {HostError} PROFILE_UNWRITABLE */
export function writeProfile(path: string, content: HostProfile): void {
  const temporary = `${path}.${process.pid}`;
  try {
    makeFolder(dirname(path), 0o700);
    writeFileSync(temporary, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o644 });
    renameSync(temporary, path);
  } catch (cause) {
    throw new HostError("PROFILE_UNWRITABLE", `cannot write the profile ${path}: ${reason(cause)}`, { cause });
  }
}

/**
 * @param driver of the host as it is now (`describeProfileDriver`): a profile of another is refused; undefined: not compared
 * @throws {HostError} PROFILE_UNREADABLE, PROFILE_INVALID, PROFILE_OF_OTHER_DRIVER, each with a cure
 */
export function readProfile(path: string, driver?: string): HostProfile {
  const cure = `run virtgpu probe --profile=${path}`;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (cause) {
    throw new HostError("PROFILE_UNREADABLE", `cannot read the profile ${path}: ${reason(cause)}`, { cause, cure });
  }
  const result = v.safeParse(profile, json);
  if (!result.success) {
    const [issue] = result.issues;
    const where = v.getDotPath(issue);
    const message = `the profile ${path} is wrong${where === null ? "" : ` at ${where}`}: ${issue.message}`;
    throw new HostError("PROFILE_INVALID", message, { cure });
  }
  const content = result.output;
  if (driver !== undefined && content.driver !== driver) {
    const message = `the profile ${path} is of another driver (${content.driver}; this host has ${driver})`;
    throw new HostError("PROFILE_OF_OTHER_DRIVER", message, { cure });
  }
  return content;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
