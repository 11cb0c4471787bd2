import type { ProgramInterface } from "../../../shader/index.js";
import type { ShaderObject } from "../objects/shader-object.js";

/** A constant block or plain-uniform array that a draw must feed. Flat numbers: read on the hot path. */
export class ProgramBlock {
  /** 0: vertex, 1: fragment. */
  readonly stage: number;
  readonly guestBlock: number;
  /** Uniform block binding, or for plain uniforms the uniform slot. */
  readonly slot: number;
  readonly sysBytes: number;
  readonly declaredBytes: number;

  constructor(stage: number, guestBlock: number, slot: number, sysBytes: number, declaredBytes: number) {
    this.stage = stage;
    this.guestBlock = guestBlock;
    this.slot = slot;
    this.sysBytes = sysBytes;
    this.declaredBytes = declaredBytes;
  }
}

/** System values and constant buffer 0 as one plain uniform array. */
export class ProgramUniform {
  readonly stage: number;
  /** Uniform slot of the array's start; `slot + 1` is that of its first guest vec4. */
  readonly slot: number;
  readonly sysVec4s: number;
  readonly guestVec4s: number;
  readonly isUint: boolean;

  constructor(stage: number, slot: number, sysVec4s: number, guestVec4s: number, isUint: boolean) {
    this.stage = stage;
    this.slot = slot;
    this.sysVec4s = sysVec4s;
    this.guestVec4s = guestVec4s;
    this.isUint = isUint;
  }
}

/** One sampler of a program. */
export class ProgramSampler {
  readonly stage: number;
  readonly guestSampler: number;
  readonly unit: number;
  /** GL texture target that the GLSL sampler reads. */
  readonly target: number;
  readonly shadow: boolean;

  constructor(stage: number, guestSampler: number, unit: number, target: number, shadow: boolean) {
    this.stage = stage;
    this.guestSampler = guestSampler;
    this.unit = unit;
    this.target = target;
    this.shadow = shadow;
  }
}

/** A linked pair of guest shaders for one program key, or the memory that this pair cannot be linked. */
export class Program {
  readonly vertex: ShaderObject;
  readonly fragment: ShaderObject;
  readonly key: Uint32Array;
  readonly hash: number;
  /** Next program with the same hash. */
  next: Program | null = null;
  /** Dense GL program index; 0 when there is none. */
  readonly name: number;
  /** Null when core/shader could not join the pair. */
  readonly iface: ProgramInterface | null;
  /** Set when the host refused it: draws with it are skipped. */
  failed = false;
  /** A shader of it is gone: nothing draws with it any more. */
  removed = false;

  readonly constantBlocks: readonly ProgramBlock[];
  readonly bufferBlocks: readonly ProgramBlock[];
  readonly uniforms: readonly ProgramUniform[];
  readonly samplers: readonly ProgramSampler[];
  /** Bit i: attribute location i is read. */
  readonly attributeMask: number;
  readonly colorOutputMask: number;
  readonly clipDistanceEnable: number;
  /** Bytes of ring that one draw can need. */
  readonly ringBytes: number;
  /** Kept for the log when the host refuses it, until the host has answered. */
  source: { readonly vertex: string; readonly fragment: string } | null = null;

  constructor(
    vertex: ShaderObject,
    fragment: ShaderObject,
    key: Uint32Array,
    hash: number,
    name: number,
    iface: ProgramInterface | null,
    targetOf: (target: string) => number,
  ) {
    this.vertex = vertex;
    this.fragment = fragment;
    this.key = key;
    this.hash = hash;
    this.name = name;
    this.iface = iface;
    this.failed = iface === null;
    const stageIndex = (stage: string): number => (stage === "vertex" ? 0 : 1);
    const blocks = (iface?.blocks ?? []).map(
      (b) => new ProgramBlock(stageIndex(b.stage), b.guestBlock, b.slot, b.sysVec4s * 16, b.declaredBytes),
    );
    this.constantBlocks = blocks.filter((b) => b.guestBlock === 0);
    this.bufferBlocks = blocks.filter((b) => b.guestBlock !== 0);
    this.uniforms = (iface?.plainUniforms ?? []).map(
      (u, i) => new ProgramUniform(stageIndex(u.stage), i * 2, u.sysVec4s, u.guestVec4s, u.type === "uvec4"),
    );
    this.samplers = (iface?.samplers ?? []).map(
      (s) => new ProgramSampler(stageIndex(s.stage), s.guestSampler, s.unit, targetOf(s.target), s.shadow),
    );
    let mask = 0;
    for (const attribute of iface?.attributes ?? []) mask |= 1 << attribute.location;
    this.attributeMask = mask >>> 0;
    this.colorOutputMask = iface?.colorOutputMask ?? 0;
    this.clipDistanceEnable = iface?.clipDistanceEnable ?? 0;
    this.ringBytes = this.constantBlocks.reduce((sum, b) => sum + b.declaredBytes, 0);
  }
}
