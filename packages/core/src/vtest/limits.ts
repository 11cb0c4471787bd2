/** What one client may ask for. Each is checked before anything is allocated. */
export interface VtestLimits {
  /** Longest SUBMIT_CMD payload. Mesa's command buffer holds 66,560 dwords (virgl_winsys.h: VIRGL_MAX_CMDBUF_DWORDS). */
  readonly maxSubmitBytes: number;
  /** Longest data of a TRANSFER_GET or TRANSFER_PUT, and largest shared memory of one resource. */
  readonly maxTransferBytes: number;
  readonly maxResources: number;
  /** Shared memory of all living resources together. */
  readonly maxSharedBytes: number;
}

export const DEFAULT_VTEST_LIMITS: VtestLimits = {
  maxSubmitBytes: 16 * 1024 * 1024,
  maxTransferBytes: 1024 * 1024 * 1024,
  maxResources: 65_536,
  maxSharedBytes: 4 * 1024 * 1024 * 1024,
};
