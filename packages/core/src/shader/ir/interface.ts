/** What a stage exchanges with the rest of the pipeline, by name or as built-in values. */
import type { ValueType } from "./types.js";

export type VariableRole = "attribute" | "varyingIn" | "varyingOut" | "fragmentOutput";

export interface InterfaceVariable {
  readonly role: VariableRole;
  readonly name: string;
  readonly type: ValueType;
  /** Attributes and fragment outputs; -1 for varyings, which are matched by name. */
  readonly location: number;
  readonly interpolation: "smooth" | "flat";
  readonly sampling: "center" | "centroid" | "sample";
  /** Elements of an array; absent for a plain variable. */
  readonly arrayLength?: number;
}

/** Values the pipeline provides to a stage. */
export type InputBuiltin =
  | "vertexId"
  | "instanceId"
  | "fragCoord"
  | "frontFacing"
  | "pointCoord"
  | "primitiveId"
  | "sampleId"
  | "samplePosition"
  | "sampleMaskIn"
  | "helperInvocation";

/** Values a stage gives to the pipeline. Clip distances take an element. */
export type OutputBuiltin = "position" | "pointSize" | "clipDistance" | "fragDepth" | "sampleMask";

export type Builtin = InputBuiltin | OutputBuiltin;
