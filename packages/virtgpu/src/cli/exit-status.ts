/** Exit statuses of every verb, and how an error becomes one. */
import { HostError } from "@virtgpu/core/base";

export const ExitStatus = {
  DONE: 0,
  FAILED: 1,
  WRONG_USAGE: 2,
  HOST_CANNOT: 3,
  /** `doctor`: the device runs, but guest memory cannot be used in place. */
  NO_ZERO_COPY: 4,
} as const;
export type ExitStatusCode = (typeof ExitStatus)[keyof typeof ExitStatus];

/** The command line or the config file is wrong. The message names the flag or key. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The work could not be done for a reason that the message tells in full: shown without a stack. */
export class FailedError extends Error {
  override readonly name = "FailedError";
}

/** Families of `HostError` codes that mean: this machine lacks something, trying again is no use. */
const HOST_CANNOT = /^(EGL|GL|GBM|WAYLAND|ADDON|HOST)_/;

export function exitStatusOf(error: unknown): ExitStatusCode {
  if (error instanceof UsageError) return ExitStatus.WRONG_USAGE;
  if (error instanceof HostError && HOST_CANNOT.test(error.code)) return ExitStatus.HOST_CANNOT;
  return ExitStatus.FAILED;
}

/** What a person sees of an error: no stack for expected ones. */
export function describeError(error: unknown): string {
  if (error instanceof HostError)
    return error.cure === undefined ? error.message : `${error.message}\n  cure: ${error.cure}`;
  if (error instanceof UsageError || error instanceof FailedError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
