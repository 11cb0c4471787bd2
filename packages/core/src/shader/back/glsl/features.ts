import { shaderError, type ShaderError } from "../../shader-error.js";
import type { Ability } from "../../abilities.js";

/** Collects what a shader needs beyond its version while it is written: `#extension` lines, or the first refusal. */
export class FeatureSet {
  error: ShaderError | null = null;
  private readonly extensions = new Set<string>();

  /** Notes a need. `what` names it for the refusal: "buffer textures". */
  require(ability: Ability, what: string): void {
    if (typeof ability === "string") this.extensions.add(ability);
    else if (!ability) this.error ??= shaderError("not-offered", `${what} are not offered on this host`);
  }

  /** Takes the feature if it is there; false when it is not. */
  prefer(ability: Ability): boolean {
    if (typeof ability === "string") this.extensions.add(ability);
    return ability !== false;
  }

  write(): string {
    return [...this.extensions]
      .sort()
      .map((name) => `#extension ${name} : require\n`)
      .join("");
  }
}
