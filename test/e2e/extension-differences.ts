/**
 * Every GLES extension that one server's guest sees and the other's does not, on the same host (llvmpipe), with the
 * reason. The test compares this table with what es2_info really prints, both ways.
 */
export interface ExtensionDifference {
  readonly extension: string;
  readonly offeredBy: "ours" | "c";
  readonly reason: string;
}

export const EXTENSION_DIFFERENCES: readonly ExtensionDifference[] = [];
