import { accessSync, constants, readFileSync } from "node:fs";
import type { UdmabufRules } from "@virtgpu/core/memory";

const PARAMETERS = "/sys/module/udmabuf/parameters";
/** The kernel's own defaults, where it hides its parameters (drivers/dma-buf/udmabuf.c). */
const DEFAULT_LIST_LIMIT = 1024;
const DEFAULT_SIZE_LIMIT_MB = 64;
const PAGE_BYTES = 4096;

/** Limits of /dev/udmabuf, or null where it is missing or closed to us. */
export function udmabufRules(): UdmabufRules | null {
  try {
    accessSync("/dev/udmabuf", constants.R_OK | constants.W_OK);
  } catch {
    return null;
  }
  return {
    listLimit: parameter("list_limit", DEFAULT_LIST_LIMIT),
    sizeLimitBytes: parameter("size_limit_mb", DEFAULT_SIZE_LIMIT_MB) * 2 ** 20,
    pageBytes: PAGE_BYTES,
  };
}

function parameter(name: string, byDefault: number): number {
  try {
    const value = Number(readFileSync(`${PARAMETERS}/${name}`, "utf8"));
    return Number.isSafeInteger(value) && value > 0 ? value : byDefault;
  } catch {
    return byDefault;
  }
}
