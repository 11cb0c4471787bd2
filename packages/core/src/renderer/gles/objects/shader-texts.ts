import { parseTgsi, type ParsedShader, type ShaderError } from "../../../shader/index.js";
import * as v from "../../../virgl/index.js";
import type { VirglContext } from "../virgl-context.js";
import type { ShaderObject } from "./shader-object.js";

/** Text of all shaders of one context; what large applications have is below 10 MB. */
const CONTEXT_BYTES_MAX = 64 << 20;
const DEVICE_BYTES_MAX = 256 << 20;
/** What a shader costs beside its text. */
const OVERHEAD_BYTES = 1024;
/** Text whose trees are kept. A tree takes up to thirty times the memory of its text, and is needed when a program is made. */
const KEPT_TEXT_BYTES = 4 << 20;

/**
 * What guests' shaders cost in memory. Their texts are counted, by context and over the device; their trees are kept for those that were
 * made or used last, and made again for others.
 */
export class ShaderTexts {
  #heldBytes = 0;
  /** In the order of their last use. */
  readonly #trees = new Map<ShaderObject, ParsedShader>();
  #keptBytes = 0;

  /** Whether a context may have one more shader of `textBytes`; if so, they are counted until `release`. */
  reserve(context: VirglContext, textBytes: number): boolean {
    const bytes = textBytes + OVERHEAD_BYTES;
    if (context.shaderBytes + bytes > CONTEXT_BYTES_MAX || this.#heldBytes + bytes > DEVICE_BYTES_MAX) return false;
    context.shaderBytes += bytes;
    this.#heldBytes += bytes;
    return true;
  }

  /** A shader that was reserved for goes away. */
  release(shader: ShaderObject): void {
    const bytes = shader.textBytes + OVERHEAD_BYTES;
    shader.context.shaderBytes -= bytes;
    this.#heldBytes -= bytes;
    if (this.#trees.delete(shader)) this.#keptBytes -= shader.textBytes;
  }

  /** Parses the complete text. @returns the error, or null: then `tree` has the result */
  parse(shader: ShaderObject): ShaderError | null {
    const result = parseTgsi(asciiText(shader.text), shader.stage === v.PIPE_SHADER_VERTEX ? "vertex" : "fragment");
    if (!result.ok) return result.error;
    this.#keep(shader, result.shader);
    return null;
  }

  /** The tree of a shader that `parse` has found right. Makes it again if need be: not for every draw. */
  tree(shader: ShaderObject): ParsedShader {
    let tree = this.#trees.get(shader);
    if (tree === undefined) {
      this.parse(shader);
      tree = this.#trees.get(shader)!;
    } else {
      this.#trees.delete(shader);
      this.#trees.set(shader, tree);
    }
    return tree;
  }

  /** The newest one stays, however large it is. */
  #keep(shader: ShaderObject, tree: ParsedShader): void {
    this.#trees.set(shader, tree);
    this.#keptBytes += shader.textBytes;
    for (const oldest of this.#trees.keys()) {
      if (this.#keptBytes <= KEPT_TEXT_BYTES || oldest === shader) break;
      this.#trees.delete(oldest);
      this.#keptBytes -= oldest.textBytes;
    }
  }
}

function asciiText(bytes: Uint8Array): string {
  let end = bytes.indexOf(0);
  if (end < 0) end = bytes.length;
  const parts: string[] = [];
  for (let i = 0; i < end; i += 4096) {
    parts.push(String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096))));
  }
  return parts.join("");
}
