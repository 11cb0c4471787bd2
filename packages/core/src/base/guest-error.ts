/**
 * What a guest can do wrong, as plain numbers so that decoding and drawing never allocate or throw.
 * 0 means success. Each transport maps a code to its protocol's answer (virtio-gpu: a response type;
 * virgl: the context enters its error state; vtest: see `vtest/session.ts`).
 */
export const GuestError = {
  NONE: 0,
  UNKNOWN_COMMAND: 1,
  /** Length field disagrees with the command's layout, or runs past the buffer. */
  BAD_LENGTH: 2,
  /** A field's value is outside what the protocol or this device allows. */
  BAD_VALUE: 3,
  UNKNOWN_RESOURCE: 4,
  UNKNOWN_HANDLE: 5,
  /** The handle names an object of another type. */
  WRONG_OBJECT_TYPE: 6,
  /** Handle or id is already in use. */
  ALREADY_EXISTS: 7,
  UNKNOWN_CONTEXT: 8,
  UNKNOWN_SUB_CONTEXT: 9,
  UNKNOWN_FORMAT: 10,
  /** The box, level or layer lies outside the resource. */
  OUT_OF_BOUNDS: 11,
  /** The resource's guest memory is missing or shorter than the transfer needs. */
  BAD_BACKING: 12,
  /** TGSI that does not parse or does not validate. */
  BAD_SHADER: 13,
  /** The command is known, but this device did not offer it and the use is not null state. */
  NOT_OFFERED: 14,
  /** A limit of this device (objects, sizes, memory) was reached. */
  LIMIT: 15,
  /** The host could not do it (allocation, compile, GL error): the guest may not be at fault. */
  HOST_FAILED: 16,
  /** The context is already in its error state; the command was dropped. */
  CONTEXT_DEAD: 17,
  OUT_OF_MEMORY: 18,
} as const;

/** One of the values of `GuestError`. */
export type GuestErrorCode = (typeof GuestError)[keyof typeof GuestError];

/** How many codes there are: for arrays of counters indexed by code. */
export const GUEST_ERROR_COUNT = Object.keys(GuestError).length;

const names = Object.keys(GuestError) as (keyof typeof GuestError)[];

/** The name of a code, for logs and counters (`BAD_LENGTH`). */
export function guestErrorName(code: number): string {
  return names[code] ?? `GUEST_ERROR_${code}`;
}

/** A guest error with where it happened; built only when something has already gone wrong. */
export interface GuestErrorReport {
  readonly code: GuestErrorCode;
  readonly contextId: number;
  /** Command name as in the protocol header, e.g. `VIRGL_CCMD_DRAW_VBO`. */
  readonly command: string;
  /** Offset of the command's header in its submission, in dwords; -1 outside submissions. */
  readonly offsetDwords: number;
  /** What was wrong, with the numbers: `level 9 of resource 4, which has 3`. */
  readonly detail: string;
}
