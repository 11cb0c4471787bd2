import {
  decodeProgramKey,
  formatShaderError,
  linkProgram,
  PROGRAM_KEY_WORDS,
  relevantKeyMask,
  type GlslTarget,
  type ProgramInterface,
} from "../../../shader/index.js";
import type { GlesHost } from "../gles-host.js";
import type { ShaderObject } from "../objects/shader-object.js";
import * as gl from "../state/gl-enum.js";
import { Program } from "./program.js";

const VERTEX_SHADER = 0x8b31;
const FRAGMENT_SHADER = 0x8b30;
const INTERLEAVED_ATTRIBS = 0x8c8c;
const SEPARATE_ATTRIBS = 0x8c8d;

const TARGETS: Readonly<Record<string, number>> = {
  "2D": gl.TEXTURE_2D,
  "3D": gl.TEXTURE_3D,
  CUBE: gl.TEXTURE_CUBE_MAP,
  "2D_ARRAY": gl.TEXTURE_2D_ARRAY,
  CUBE_ARRAY: gl.TEXTURE_CUBE_MAP_ARRAY,
  "2D_MULTISAMPLE": gl.TEXTURE_2D_MULTISAMPLE,
  "2D_MULTISAMPLE_ARRAY": gl.TEXTURE_2D_MULTISAMPLE_ARRAY,
  BUFFER: gl.TEXTURE_BUFFER,
};

function targetOf(target: string): number {
  return TARGETS[target] ?? gl.TEXTURE_2D;
}

/** Programs by (vertex shader, fragment shader, key). A hit allocates nothing; a miss translates and links. */
export class ProgramCache {
  readonly #host: GlesHost;
  readonly #target: GlslTarget;
  readonly #buckets = new Map<number, Program>();
  /** Programs by GL index, for completions. */
  readonly #byName = new Map<number, Program>();

  constructor(host: GlesHost) {
    this.#host = host;
    const { caps } = host;
    this.#target = {
      version: caps.glslEs >= 320 ? 320 : caps.glslEs >= 310 ? 310 : 300,
      extensions: caps.extensions,
      fragmentCoordConventions: !caps.isGles,
      maxDrawBuffers: Math.min(8, caps.limits.drawBuffers),
      maxVertexAttribs: Math.min(32, caps.limits.vertexAttribs),
      maxInterleavedComponents: caps.limits.transformFeedbackInterleavedComponents,
      maxSeparateComponents: caps.limits.transformFeedbackSeparateComponents,
    };
  }

  /**
   * The program for this pair and key: `PROGRAM_KEY_WORDS` words, borrowed; bits without meaning for the pair are cleared.
   * May have failed: see `Program.failed`.
   */
  get(vertex: ShaderObject, fragment: ShaderObject, key: Uint32Array): Program {
    const mask = this.#keyMask(vertex, fragment);
    for (let i = 0; i < PROGRAM_KEY_WORDS; i++) key[i]! &= mask[i]!;
    let hash = Math.imul(vertex.serial, 0x9e3779b1) ^ Math.imul(fragment.serial, 0x85ebca6b);
    for (let i = 0; i < PROGRAM_KEY_WORDS; i++) hash = Math.imul(hash ^ key[i]!, 0x01000193);
    let program = this.#buckets.get(hash) ?? null;
    while (program !== null) {
      if (program.vertex === vertex && program.fragment === fragment && sameKey(program.key, key)) return program;
      program = program.next;
    }
    const created = this.#create(vertex, fragment, key.slice(), hash);
    created.next = this.#buckets.get(hash) ?? null;
    this.#buckets.set(hash, created);
    vertex.programs.push(created);
    fragment.programs.push(created);
    return created;
  }

  #keyMask(vertex: ShaderObject, fragment: ShaderObject): Uint32Array {
    const { pairs } = vertex;
    for (let i = 0; i < pairs.length; i++) if (pairs[i]!.fragment === fragment) return pairs[i]!.keyMask;
    const keyMask = new Uint32Array(PROGRAM_KEY_WORDS);
    const { shaders } = this.#host;
    relevantKeyMask(shaders.tree(vertex).info, shaders.tree(fragment).info, keyMask);
    pairs.push({ fragment, keyMask });
    fragment.partners.push(vertex);
    return keyMask;
  }

  #create(vertex: ShaderObject, fragment: ShaderObject, key: Uint32Array, hash: number): Program {
    const host = this.#host;
    const stages = { vertex: host.shaders.tree(vertex), fragment: host.shaders.tree(fragment) };
    const linked = linkProgram(stages, decodeProgramKey(key, vertex.captures, vertex.captureStrides), this.#target);
    if (!linked.ok) {
      host.counters.shaderErrors++;
      host.logger.error("Two guest shaders cannot be joined; draws with them are skipped.", {
        reason: formatShaderError(linked.error),
        vertexHandle: vertex.handle,
        fragmentHandle: fragment.handle,
      });
      return new Program(vertex, fragment, key, hash, 0, null, targetOf);
    }
    const name = host.names.program.allocate();
    const program = new Program(vertex, fragment, key, hash, name, linked.iface, targetOf);
    if (name === 0) {
      program.failed = true;
      return program;
    }
    program.source = { vertex: linked.vertex, fragment: linked.fragment };
    this.#byName.set(name, program);
    if (host.current !== null) host.streamout.pause(host.current);
    host.counters.programsLinked++;
    this.#encodeLink(name, linked.vertex, linked.fragment, linked.iface);
    return program;
  }

  #encodeLink(name: number, vertex: string, fragment: string, iface: ProgramInterface): void {
    this.#host.encoder.linkProgram(name, {
      shaders: [
        { stage: VERTEX_SHADER, source: vertex },
        { stage: FRAGMENT_SHADER, source: fragment },
      ],
      blocks: iface.blocks.map((block) => ({ name: block.blockName, at: block.slot })),
      samplers: iface.samplers.map((sampler) => ({ name: sampler.uniformName, at: sampler.unit })),
      uniforms: iface.plainUniforms.flatMap(({ uniformName, sysVec4s }, i) => [
        { name: uniformName, at: i * 2 },
        { name: `${uniformName}[${sysVec4s}]`, at: i * 2 + 1 },
      ]),
      varyings: iface.captures?.varyings.map((varying) => varying.name) ?? [],
      varyingsMode: iface.captures?.mode === "separate" ? SEPARATE_ATTRIBS : INTERLEAVED_ATTRIBS,
    });
  }

  /** A PROGRAM completion: `linked` tells whether the host's compiler took it. */
  completed(name: number, linked: boolean): void {
    const program = this.#byName.get(name);
    if (program === undefined) return;
    const { source } = program;
    const host = this.#host;
    program.source = null;
    if (program.removed) {
      this.#byName.delete(name);
      host.names.program.free(name);
    }
    if (linked) return;
    program.failed = true;
    host.counters.shaderErrors++;
    host.logger.error("The host driver refused a translated program; draws with it are skipped.", {
      log: host.gl.takeProgramLog(name),
      vertexGlsl: source?.vertex,
      fragmentGlsl: source?.fragment,
    });
  }

  /** Deletes every program made from a shader that goes away. */
  forgetShader(shader: ShaderObject): void {
    for (const program of shader.programs) {
      const partner = program.vertex === shader ? program.fragment : program.vertex;
      const at = partner.programs.indexOf(program);
      if (at >= 0) partner.programs.splice(at, 1);
      this.#remove(program);
    }
    shader.programs.length = 0;
    for (const vertex of shader.partners) {
      const at = vertex.pairs.findIndex((pair) => pair.fragment === shader);
      if (at >= 0) vertex.pairs.splice(at, 1);
    }
    for (const { fragment } of shader.pairs) {
      const at = fragment.partners.indexOf(shader);
      if (at >= 0) fragment.partners.splice(at, 1);
    }
  }

  #remove(program: Program): void {
    const { hash } = program;
    const first = this.#buckets.get(hash) ?? null;
    if (first === program) {
      if (program.next === null) this.#buckets.delete(hash);
      else this.#buckets.set(hash, program.next);
    } else {
      let previous = first;
      while (previous !== null && previous.next !== program) previous = previous.next;
      if (previous !== null) previous.next = program.next;
    }
    program.failed = true;
    if (program.name === 0) return;
    const host = this.#host;
    host.streamout.forgetProgram(program.name);
    host.state.forgetProgram(program.name);
    host.encoder.deleteProgram(program.name);
    program.removed = true;
    // Its completion is still to come: under the same index it would speak of another program.
    if (program.source !== null) return;
    this.#byName.delete(program.name);
    host.names.program.free(program.name);
  }
}

function sameKey(a: Uint32Array, b: Uint32Array): boolean {
  for (let i = 0; i < PROGRAM_KEY_WORDS; i++) if (a[i] !== b[i]) return false;
  return true;
}
