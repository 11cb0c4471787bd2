/** Options of the import ladder, for everything that runs a device. */
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { PRESENT_MODES, ZERO_COPY_MODES, type HostProfile } from "@virtgpu/core/memory";
import type { ImportSettings } from "../import/index.js";
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
  profile: {
    value: "<file>",
    help: "rules of this host's driver, as virtgpu probe writes them",
    schema: v.optional(text),
  },
} satisfies OptionTable;

/** @throws {UsageError} when the profile cannot be read */
export function readImportOptions(options: OptionValues<typeof importOptions>): ImportSettings {
  return {
    zeroCopy: options["zero-copy"],
    present: options.present,
    ...(options["dma-bits"] === undefined ? {} : { dmaBits: options["dma-bits"] }),
    ...(options.profile === undefined ? {} : { profile: readProfile(options.profile) }),
  };
}

function readProfile(path: string): HostProfile {
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new UsageError(`--profile: cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof json !== "object" || json === null || (json as { version?: unknown }).version !== 1)
    throw new UsageError(`--profile: ${path} is no profile: let virtgpu probe write one`);
  return json as HostProfile;
}
