/** Options of the import ladder, for everything that runs a device. */
import { existsSync } from "node:fs";
import * as v from "valibot";
import { HostError, type Logger } from "@virtgpu/core/base";
import { PRESENT_MODES, ZERO_COPY_MODES, type HostProfile } from "@virtgpu/core/memory";
import type { ImportSettings } from "../import/index.js";
import { defaultProfilePath, readProfile } from "../probe/profile-file.js";
import { UsageError } from "./exit-status.js";
import { oneOf, text, type OptionTable, type OptionValues } from "./options.js";

const BITS_RULE = "is a whole number from 20 to 64";

export const importOptions = {
  "zero-copy": {
    value: "<policy>",
    help: "use guest memory in place: auto (where it is not slower), always or never",
    schema: oneOf(ZERO_COPY_MODES, "auto"),
    byDefault: "auto",
    choices: ZERO_COPY_MODES,
  },
  present: {
    value: "<policy>",
    help: "scanouts that the guest's processor draws: direct (guest memory is shown, may tear) or snapshot (copied)",
    schema: oneOf(PRESENT_MODES, "direct"),
    byDefault: "direct",
    choices: PRESENT_MODES,
  },
  "dma-bits": {
    value: "<bits>",
    help: "import nothing whose physical address needs more bits (default: as probed)",
    schema: v.optional(
      v.pipe(
        v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,2}$/, BITS_RULE), v.transform(Number))], BITS_RULE),
        v.integer(BITS_RULE),
        v.minValue(20, BITS_RULE),
        v.maxValue(64, BITS_RULE),
      ),
    ),
  },
  "host-heap": {
    value: "<heap>",
    help: "dma-heap that host blobs come from: auto (a CMA heap, if there is one and --dma-bits limits), none (memory files), a name in /dev/dma_heap or a path",
    schema: v.optional(text, "auto"),
    byDefault: "auto",
  },
  profile: {
    value: "<file>",
    help: "rules of this host's driver, as virtgpu probe writes them; none: try a little at start",
    schema: v.optional(text),
    byDefault: "~/.cache/virtgpu/profile.json, if it is there",
  },
} satisfies OptionTable;

/**
 * Reads the profile, too: the one that is named, or the one that `virtgpu probe` wrote.
 * @throws {UsageError} when the profile that is named cannot be read
 */
export function readImportOptions(options: OptionValues<typeof importOptions>, log: Logger): ImportSettings {
  const profile = chooseProfile(options.profile, log);
  return {
    zeroCopy: options["zero-copy"],
    present: options.present,
    hostHeap: options["host-heap"],
    ...(options["dma-bits"] === undefined ? {} : { dmaBits: options["dma-bits"] }),
    ...(profile === null ? {} : { profile }),
  };
}

function chooseProfile(named: string | undefined, log: Logger): HostProfile | null {
  if (named === "none") return null;
  const path = named ?? defaultProfilePath();
  if (named === undefined && !existsSync(path)) return null;
  try {
    return readProfile(path);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    if (named !== undefined) throw new UsageError(`--profile: ${error.message}`);
    log.warn("the probed profile is of no use", { reason: error.message, cure: error.cure ?? "" });
    return null;
  }
}
