/** What /dev/udmabuf takes, found by making buffers: drivers/dma-buf/udmabuf.c of Linux. */
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import type { UdmabufRules } from "@virtgpu/core/memory";
import { addon } from "../native/addon.js";
import { closeFd, createMemfd, Seal } from "../native/memory.js";
import { findLargest } from "./find-multiple.js";

export interface UdmabufFindings {
  readonly isPresent: boolean;
  /** It exists and this process may use it. */
  readonly isUsable: boolean;
  /** Memory must be sealed against shrinking. Null: not tried. */
  readonly needsSeal: boolean | null;
  readonly rules: UdmabufRules | null;
  /** Why it cannot be used although it is there; empty otherwise. */
  readonly failure: string;
}

const DEVICE = "/dev/udmabuf";
const MEBIBYTE = 2 ** 20;
/** Each page of a udmabuf is pinned: more is not tried without being told that it would work. */
const MOST_MEBIBYTES = 64;
const MOST_RANGES = 16_384;

export async function probeUdmabuf(): Promise<UdmabufFindings> {
  const none = { isPresent: existsSync(DEVICE), isUsable: false, needsSeal: null, rules: null };
  if (!none.isPresent) return { ...none, failure: "" };
  try {
    accessSync(DEVICE, constants.R_OK | constants.W_OK);
  } catch {
    return { ...none, failure: "no permission" };
  }
  const pageBytes = systemPageBytes();
  const error = tryBuffer(Seal.SHRINK, pageBytes, 1);
  if (error !== 0) return { ...none, failure: `it makes no buffer (${errorText(error)})` };
  const needsSeal = tryBuffer(0, pageBytes, 1) !== 0;
  const rules = { listLimit: await findListLimit(pageBytes), sizeLimitBytes: await findSizeLimit(), pageBytes };
  return { isPresent: true, isUsable: true, needsSeal, rules, failure: "" };
}

/** Confirms what the module says, or searches. */
async function findListLimit(pageBytes: number): Promise<number> {
  const told = moduleParameter("list_limit");
  const takes = (count: number): Promise<boolean> =>
    Promise.resolve(tryBuffer(Seal.SHRINK, 2 * pageBytes * count, count, pageBytes) === 0);
  if (told !== null && told <= MOST_RANGES && (await takes(told)) && !(await takes(told + 1))) return told;
  return findLargest(takes, MOST_RANGES);
}

async function findSizeLimit(): Promise<number> {
  const told = moduleParameter("size_limit_mb");
  const takes = (mebibytes: number): Promise<boolean> =>
    Promise.resolve(tryBuffer(Seal.SHRINK, mebibytes * MEBIBYTE, 1) === 0);
  if (told !== null && told > MOST_MEBIBYTES) return told * MEBIBYTE;
  return (await findLargest(takes, MOST_MEBIBYTES)) * MEBIBYTE;
}

function systemPageBytes(): number {
  const fd = createMemfd("virtgpu-probe", 1);
  const bytes = addon().filePageBytes(fd);
  closeFd(fd);
  return bytes;
}

/** Makes a buffer of the whole, or of `count` pages, every other one. @returns 0 or an errno */
function tryBuffer(seals: number, sizeBytes: number, count: number, pageBytes = sizeBytes): number {
  const memfd = createMemfd("virtgpu-probe", sizeBytes, seals);
  const pieces = new Float64Array(count * 3);
  // Neighbours would be one range.
  for (let i = 0; i < count; i++) pieces.set([memfd, 2 * i * pageBytes, pageBytes], i * 3);
  const fd = addon().createDmaBuf(pieces, count);
  closeFd(memfd);
  if (fd < 0) return -fd;
  closeFd(fd);
  return 0;
}

function errorText(error: number): string {
  return Object.entries(systemConstants.errno).find(([, value]) => value === error)?.[0] ?? `error ${error}`;
}

/** A parameter of the udmabuf module; null where the kernel hides it. */
function moduleParameter(name: string): number | null {
  try {
    const value = Number(readFileSync(`/sys/module/udmabuf/parameters/${name}`, "latin1"));
    return Number.isSafeInteger(value) && value > 0 ? value : null;
  } catch {
    return null;
  }
}
