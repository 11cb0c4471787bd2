import { compose, float, int, operation, sample, splat, swizzle } from "../../ir/build.js";
import type { Expression, SampleExpression, SampleMode } from "../../ir/expression.js";
import { type Scalar, valueType } from "../../ir/types.js";
import type { TextureTarget } from "../../shader-info.js";
import type { Lowering } from "./lowering.js";
import type { Instruction, Operand } from "./syntax-tree.js";

/** Where a target's operands sit. Source: the TGSI documentation's table of texture coordinates. */
export interface TargetInfo {
  /** Components of the coordinate, array layer included. */
  readonly coordinates: number;
  /** Of these, how many are spatial: the width of gradients and offsets. */
  readonly spatial: number;
  /** Source channel of the depth reference; -1 for none, 4 = first channel of the second source. */
  readonly reference: number;
  readonly isMultisampled: boolean;
  readonly hasLevels: boolean;
}

function target(
  coordinates: number,
  spatial: number,
  reference = -1,
  isMultisampled = false,
  hasLevels = true,
): TargetInfo {
  return { coordinates, spatial, reference, isMultisampled, hasLevels };
}

export const TARGETS: Readonly<Record<TextureTarget, TargetInfo>> = {
  BUFFER: target(1, 1, -1, false, false),
  "1D": target(1, 1),
  "2D": target(2, 2),
  "3D": target(3, 3),
  CUBE: target(3, 3),
  RECT: target(2, 2, -1, false, false),
  SHADOW1D: target(1, 1, 2),
  SHADOW2D: target(2, 2, 2),
  SHADOWRECT: target(2, 2, 2, false, false),
  "1D_ARRAY": target(2, 1),
  "2D_ARRAY": target(3, 2),
  SHADOW1D_ARRAY: target(2, 1, 2),
  SHADOW2D_ARRAY: target(3, 2, 3),
  SHADOWCUBE: target(3, 3, 3),
  "2D_MSAA": target(2, 2, -1, true, false),
  "2D_ARRAY_MSAA": target(3, 2, -1, true, false),
  CUBEARRAY: target(4, 3),
  SHADOWCUBEARRAY: target(4, 3, 4),
};

const MODES: Readonly<Record<string, SampleMode>> = {
  TEX: "implicit",
  TEX2: "implicit",
  TXP: "implicit",
  TXB: "bias",
  TXB2: "bias",
  TXL: "lod",
  TXL2: "lod",
  TEX_LZ: "lod",
  TXD: "gradient",
  TXF: "fetch",
  TXF_LZ: "fetch",
  TG4: "gather",
  TXQ: "size",
  TXQS: "samples",
  LODQ: "queryLod",
};

const CHANNELS = [0, 1, 2, 3];

/** Lowers one instruction if it is a texture access; false when its opcode belongs elsewhere. */
export function lowerTexture(lowering: Lowering, instruction: Instruction): boolean {
  const mode = Object.hasOwn(MODES, instruction.opcode) ? MODES[instruction.opcode] : undefined;
  const samplerOperand = instruction.sources[instruction.sources.length - 1];
  if (mode === undefined || samplerOperand === undefined || instruction.target === null) return false;
  const info = TARGETS[instruction.target];
  const sampler = lowering.samplerOf(samplerOperand, instruction.target);
  const access: TextureAccess = { lowering, instruction, info, mode, sampler };
  const mask = instruction.destinations[0]?.mask ?? 15;
  lowering.store(instruction, mode === "size" ? sizes(access, mask) : pick(texels(access), mask));
  return true;
}

interface TextureAccess {
  readonly lowering: Lowering;
  readonly instruction: Instruction;
  readonly info: TargetInfo;
  readonly mode: SampleMode;
  readonly sampler: number;
}

/** A scalar is repeated over the mask; wider values give the masked components, 0 past their end. */
function pick(value: Expression, mask: number): Expression {
  const components = CHANNELS.filter((bit) => (mask & (1 << bit)) !== 0);
  if (value.type.width === 1) return splat(value, components.length);
  return swizzle(value, ...components.map((component) => Math.min(component, value.type.width - 1)));
}

function query(access: TextureAccess, fields: Partial<Omit<SampleExpression, "kind">>): Expression {
  return sample({
    type: valueType("i32", 1),
    sampler: access.sampler,
    mode: access.mode,
    coordinate: null,
    reference: null,
    level: null,
    gradients: null,
    offsets: [],
    component: 0,
    ...fields,
  });
}

/** TXQ: width, height, depth or layers in x…, the number of levels in w. */
function sizes(access: TextureAccess, mask: number): Expression {
  const { lowering, instruction, info } = access;
  const source = instruction.sources[0];
  const level = info.hasLevels && source !== undefined ? lowering.readChannels(source, "i32", 0) : null;
  // Cube sizes have two spatial components, and a layer count for cube arrays.
  const isCube = instruction.target === "CUBE" || instruction.target === "SHADOWCUBE";
  const isCubeArray = instruction.target === "CUBEARRAY" || instruction.target === "SHADOWCUBEARRAY";
  const width = isCube ? 2 : isCubeArray ? 3 : info.coordinates;
  const size = (): Expression => query(access, { type: valueType("i32", width), level });
  const channels = CHANNELS.filter((bit) => (mask & (1 << bit)) !== 0);
  if (channels.every((channel) => channel < width)) return swizzle(size(), ...channels);
  return compose(
    ...channels.map((channel) => {
      if (channel < width) return swizzle(size(), channel);
      return channel === 3 && info.hasLevels ? query(access, { mode: "levels" }) : int(0);
    }),
  );
}

/** Everything that reads texels, plus the two queries that look like it. */
function texels(access: TextureAccess): Expression {
  const { lowering, instruction, info, mode } = access;
  if (mode === "samples") return query(access, {});
  const [first, second] = instruction.sources;
  if (first === undefined) return float(0, 4);
  const coordinateScalar: Scalar = mode === "fetch" ? "i32" : "f32";
  let coordinate = lowering.readChannels(first, coordinateScalar, ...CHANNELS.slice(0, info.coordinates));
  if (mode === "queryLod")
    return query(access, {
      type: valueType("f32", 2),
      coordinate: swizzle(coordinate, ...CHANNELS.slice(0, info.spatial)),
    });
  let reference = referenceOf(access, first, second);
  if (instruction.opcode === "TXP") {
    const divisor = lowering.readChannels(first, "f32", 3);
    coordinate = operation("div", coordinate, splat(divisor, info.coordinates));
    if (reference !== null) reference = operation("div", reference, divisor);
  }
  const returnType = lowering.samplers[access.sampler]?.returnType ?? "float";
  const scalar: Scalar = info.reference >= 0 || returnType === "float" ? "f32" : returnType === "int" ? "i32" : "u32";
  const isScalar = info.reference >= 0 && mode !== "gather";
  return query(access, {
    type: valueType(scalar, isScalar ? 1 : 4),
    coordinate,
    reference,
    level: levelOf(access, first, second),
    gradients: gradientsOf(access),
    offsets: instruction.offsets.map((offset) =>
      lowering.readChannels(constantOperand(lowering, offset), "i32", ...CHANNELS.slice(0, Math.min(info.spatial, 3))),
    ),
    component: mode === "gather" && info.reference < 0 ? gatherComponent(access, second) : 0,
  });
}

function referenceOf(access: TextureAccess, first: Operand, second: Operand | undefined): Expression | null {
  const { info, lowering, mode } = access;
  if (info.reference < 0 || mode === "fetch") return null;
  if (info.reference < 4) return lowering.readChannels(first, "f32", info.reference);
  return second === undefined ? float(0) : lowering.readChannels(second, "f32", 0);
}

function levelOf(access: TextureAccess, first: Operand, second: Operand | undefined): Expression | null {
  const { lowering, instruction, mode, info } = access;
  switch (mode) {
    case "bias":
    case "lod": {
      if (instruction.opcode === "TEX_LZ") return float(0);
      const isSecond = (instruction.opcode === "TXB2" || instruction.opcode === "TXL2") && second !== undefined;
      // A cube-array reference already takes the second source's first channel.
      return isSecond
        ? lowering.readChannels(second, "f32", info.reference === 4 ? 1 : 0)
        : lowering.readChannels(first, "f32", 3);
    }
    case "fetch":
      if (instruction.opcode === "TXF_LZ" || !(info.hasLevels || info.isMultisampled)) return int(0);
      return lowering.readChannels(first, "i32", 3);
    default:
      return null;
  }
}

function gradientsOf(access: TextureAccess): [Expression, Expression] | null {
  const [, dx, dy] = access.instruction.sources;
  if (access.mode !== "gradient" || dx === undefined || dy === undefined) return null;
  const channels = CHANNELS.slice(0, access.info.spatial);
  return [access.lowering.readChannels(dx, "f32", ...channels), access.lowering.readChannels(dy, "f32", ...channels)];
}

/** Gathers name their component by a constant. */
function gatherComponent(access: TextureAccess, second: Operand | undefined): number {
  if (second === undefined) return 0;
  const value = access.lowering.readChannels(constantOperand(access.lowering, second), "u32", 0);
  if (value.kind === "constant") return (value.words[0] ?? 0) & 3;
  access.lowering.fail("not-offered", "a gather's component must be constant", second);
  return 0;
}

/**
 * Mesa's virgl driver moves immediates of texture instructions into a TEMP first (virgl_tgsi.c). Where a constant is
 * required, this finds the immediate again: a TEMP that one MOV of an immediate writes and nothing else does.
 */
function constantOperand(lowering: Lowering, operand: Operand): Operand {
  if (operand.file !== "TEMP" || operand.index.register !== null || operand.negate || operand.absolute) return operand;
  const source = lowering.constantTemporaries().get(operand.index.offset);
  if (source === undefined) return operand;
  const [x, y, z, w] = operand.swizzle.map((component) => source.swizzle[component] ?? 0);
  return { ...source, swizzle: [x ?? 0, y ?? 0, z ?? 0, w ?? 0] };
}
