/** One shader in the IR, as lowered from its text: nothing here depends on the draw or on the other stage. */
import type { IoRegister, ReturnType, Semantic, ShaderStage, TextureTarget } from "../shader-info.js";
import type { Register } from "./register.js";
import type { Statement } from "./statement.js";

/** A guest sampler as one kind of texture. One guest slot used with two targets gives two of these. */
export interface ModuleSampler {
  readonly slot: number;
  readonly target: TextureTarget;
  readonly returnType: ReturnType;
}

export interface IoPlace {
  readonly io: IoRegister;
  readonly register: Register;
  readonly element: number;
}

export interface SystemValueUse {
  readonly semantic: Semantic;
  readonly register: Register;
}

export interface ShaderModule {
  readonly stage: ShaderStage;
  readonly registers: readonly Register[];
  readonly inputs: readonly IoPlace[];
  readonly outputs: readonly IoPlace[];
  readonly systemValues: readonly SystemValueUse[];
  readonly samplers: readonly ModuleSampler[];
  readonly body: readonly Statement[];
  /** The line of the guest's text each statement of `body` comes from, counted from 1. */
  readonly lines: readonly number[];
  /** FS_COLOR0_WRITES_ALL_CBUFS. */
  readonly color0WritesAll: boolean;
  /** FS_COORD_PIXEL_CENTER INTEGER. */
  readonly integerPixelCenter: boolean;
  /** FS_COORD_ORIGIN LOWER_LEFT. */
  readonly lowerLeftOrigin: boolean;
  readonly earlyDepthStencil: boolean;
  readonly instructionCount: number;
  /** A return stands somewhere before the end, so the body must be a function of its own. */
  readonly returnsEarly: boolean;
}
