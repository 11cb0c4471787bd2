/**
 * Compiles and draws shader texts on the host's driver, through our own encoder and addon: a row of points, one pixel
 * each, into two buffers of raw words.
 */
import { GL, GlCompletion, GlEncoder } from "@virtgpu/core/gl";
import type { ProgramInterface } from "@virtgpu/core/shader";
import { NativeGl } from "virtgpu/native";

export interface LinkedTexts {
  readonly vertex: string;
  readonly fragment: string;
  readonly iface: ProgramInterface;
}

/** A texture with the sampler state a test wants. */
export interface LabTexture {
  readonly target: number;
  readonly name: number;
}

export interface DrawOptions {
  readonly colorCount?: number;
  /** Triangles cover everything, seen from their front or back. */
  readonly shape?: "points" | "front" | "back";
  /** How many points. */
  readonly count?: number;
  /** Words of the system values, as floats. */
  readonly system?: readonly number[];
}

export class Lab {
  readonly width: number;
  readonly height: number;
  readonly colorFormat: number;
  readonly gl: NativeGl;
  readonly encoder: GlEncoder;
  readonly #records = new Int32Array(1024);
  readonly #buffer: number;
  readonly #framebuffer: number;
  readonly #colors: readonly number[];
  readonly #pixels: Uint8Array;
  readonly #pixelSegment: number;
  #errors = 0;
  #programs = new Map<number, boolean>();

  /** `width` pixels, `colorFormat` both buffers' (GL_RGBA32UI by default). */
  constructor(width: number, colorFormat: number = GL.RGBA32UI, height = 1) {
    this.width = width;
    this.height = height;
    this.colorFormat = colorFormat;
    this.gl = NativeGl.open();
    this.encoder = new GlEncoder(this.gl);
    const { encoder } = this;
    const vertexArray = encoder.names.vertexArray.allocate();
    encoder.createVertexArray(vertexArray);
    encoder.bindVertexArray(vertexArray);
    this.#colors = [0, 1].map(
      () => this.texture(GL.TEXTURE_2D, () => encoder.texStorage2D(GL.TEXTURE_2D, 1, colorFormat, width, height)).name,
    );
    this.#framebuffer = encoder.names.framebuffer.allocate();
    encoder.createFramebuffer(this.#framebuffer);
    encoder.bindFramebuffer(GL.FRAMEBUFFER, this.#framebuffer);
    this.#colors.forEach((name, index) => {
      encoder.framebufferTexture2D(GL.FRAMEBUFFER, GL.COLOR_ATTACHMENT0 + index, GL.TEXTURE_2D, name, 0);
    });
    encoder.viewport(0, 0, width, height);
    this.#buffer = encoder.names.buffer.allocate();
    encoder.createBuffer(this.#buffer);
    this.#pixels = new Uint8Array(width * height * 16);
    this.#pixelSegment = encoder.registerSegment(this.#pixels);
    this.#uploadPositions();
  }

  texture(target: number, allocate: () => void): LabTexture {
    const { encoder } = this;
    const name = encoder.names.texture.allocate();
    encoder.createTexture(name);
    encoder.activeTexture(GL.TEXTURE0 + 15);
    encoder.bindTexture(target, name);
    allocate();
    encoder.texParameteri(target, GL.TEXTURE_MIN_FILTER, GL.NEAREST);
    encoder.texParameteri(target, GL.TEXTURE_MAG_FILTER, GL.NEAREST);
    return { target, name };
  }

  #uploadPositions(): void {
    const { encoder } = this;
    // The row of points, then a triangle over everything seen from the front, then the same from the back.
    const positions = new Float32Array((this.width + 6) * 4);
    for (let index = 0; index < this.width; index++)
      positions.set([((index + 0.5) / this.width) * 2 - 1, 0.25, 0, 1], index * 4);
    const corners = [-1, -1, 0, 1, 3, -1, 0, 1, -1, 3, 0, 1];
    positions.set(corners, this.width * 4);
    positions.set([...corners.slice(0, 4), ...corners.slice(8), ...corners.slice(4, 8)], (this.width + 3) * 4);
    const bytes = new Uint8Array(positions.buffer);
    const at = encoder.stage(bytes.length);
    encoder.staging.set(bytes, at);
    encoder.bindBuffer(GL.ARRAY_BUFFER, this.#buffer);
    encoder.bufferData(GL.ARRAY_BUFFER, GL.STATIC_DRAW, encoder.stagingSegment, at, bytes.length);
    encoder.enableVertexAttribArray(0);
    encoder.vertexAttribPointer(0, 4, GL.FLOAT, false, 16, 0);
    encoder.flush();
  }

  /** The linked program, or the driver's log. */
  link(texts: LinkedTexts): { program: number; log: string } {
    const program = this.encoder.names.program.allocate();
    const { iface } = texts;
    this.encoder.linkProgram(program, {
      shaders: [
        { stage: GL.VERTEX_SHADER, source: texts.vertex },
        { stage: GL.FRAGMENT_SHADER, source: texts.fragment },
      ],
      blocks: iface.blocks.map((block) => ({ name: block.blockName, at: block.slot })),
      samplers: iface.samplers.map((sampler) => ({ name: sampler.uniformName, at: sampler.unit })),
      uniforms: iface.plainUniforms.map((uniform, index) => ({ name: uniform.uniformName, at: index })),
      ...(iface.captures === null
        ? {}
        : {
            varyings: iface.captures.varyings.map((varying) => varying.name),
            varyingsMode: iface.captures.mode === "separate" ? GL.SEPARATE_ATTRIBS : GL.INTERLEAVED_ATTRIBS,
          }),
    });
    this.encoder.flush();
    this.poll();
    return {
      program,
      log: this.#programs.get(program) === true ? "" : this.gl.takeProgramLog(program) || "not linked",
    };
  }

  delete(program: number): void {
    this.encoder.deleteProgram(program);
    this.encoder.names.program.free(program);
  }

  /** GL errors so far. */
  poll(): number {
    for (;;) {
      const count = this.gl.poll(this.#records);
      for (let at = 0; at < count * 4; at += 4) {
        if (this.#records[at] === GlCompletion.PROGRAM)
          this.#programs.set(this.#records[at + 1] ?? 0, this.#records[at + 2] === 1);
        if (this.#records[at] === GlCompletion.ERRORS) this.#errors += this.#records[at + 1] ?? 0;
      }
      if (count * 4 < this.#records.length) return this.#errors;
    }
  }

  /**
   * Draws the row of points, or a triangle over everything. `constants` are the words of every constant buffer of both
   * stages. The system values say y sign 1, point size 1, alpha reference 0.5, unless `options` has others.
   */
  draw(program: number, iface: ProgramInterface, constants: Uint32Array, options: DrawOptions = {}): void {
    const { encoder } = this;
    const { colorCount = 2, shape = "points", system = [1, 1, 0.5, this.height] } = options;
    encoder.useProgram(program);
    encoder.drawBuffers(
      colorCount,
      GL.COLOR_ATTACHMENT0,
      GL.COLOR_ATTACHMENT0 + (colorCount > 1 ? 1 : 0),
      0,
      0,
      0,
      0,
      0,
      0,
    );
    encoder.reserve(
      256,
      8,
      iface.blocks.reduce((sum, block) => sum + block.declaredBytes + 1024, 0),
    );
    for (const block of iface.blocks) {
      const at = encoder.ringBlock(block.declaredBytes) / 4;
      if (block.sysVec4s > 0) encoder.ringFloats.set(system.slice(0, block.sysVec4s * 4), at);
      const words = new Uint32Array(
        encoder.ringFloats.buffer,
        encoder.ringFloats.byteOffset,
        encoder.ringFloats.length,
      );
      words.set(constants.subarray(0, block.guestVec4s * 4), at + block.sysVec4s * 4);
      encoder.bindUniformRing(block.slot, at * 4, block.declaredBytes);
    }
    iface.plainUniforms.forEach((uniform, slot) => {
      const words = new Uint32Array(uniform.vec4Count * 4);
      new Float32Array(words.buffer).set(system.slice(0, uniform.sysVec4s * 4));
      words.set(constants.subarray(0, uniform.guestVec4s * 4), uniform.sysVec4s * 4);
      const at = encoder.stage(words.byteLength);
      encoder.staging.set(new Uint8Array(words.buffer), at);
      const upload = uniform.type === "vec4" ? "uniform4fv" : "uniform4uiv";
      encoder[upload](program, slot, uniform.vec4Count, encoder.stagingSegment, at, words.byteLength);
    });
    this.#clear();
    for (let index = 0; index < 8; index++) {
      if ((iface.clipDistanceEnable & (1 << index)) !== 0) encoder.enable(GL.CLIP_DISTANCE0_EXT + index);
      else if (this.gl.caps.extensions.has("GL_EXT_clip_cull_distance")) encoder.disable(GL.CLIP_DISTANCE0_EXT + index);
    }
    if (shape === "points") encoder.drawArrays(GL.POINTS, 0, options.count ?? this.width);
    else encoder.drawArrays(GL.TRIANGLES, shape === "front" ? this.width : this.width + 3, 3);
  }

  #clear(): void {
    const { encoder } = this;
    for (let index = 0; index < 2; index++) {
      if (this.colorFormat === GL.RGBA32UI) encoder.clearBufferuiv(GL.COLOR, index, 0xdead, 0xdead, 0xdead, 0xdead);
      else encoder.clearBufferfv(GL.COLOR, index, 0, 0, 0, 0);
    }
  }

  /** The words of one colour buffer after everything drawn so far: four per pixel. Borrowed until the next read. */
  read(buffer: number): Uint32Array {
    const { encoder } = this;
    const isWords = this.colorFormat === GL.RGBA32UI;
    encoder.readBuffer(GL.COLOR_ATTACHMENT0 + buffer);
    encoder.readPixels(
      0,
      0,
      this.width,
      this.height,
      isWords ? GL.RGBA_INTEGER : GL.RGBA,
      isWords ? GL.UNSIGNED_INT : GL.FLOAT,
      this.width * 16,
      this.#pixelSegment,
      0,
      this.#pixels.length,
    );
    encoder.flush();
    return new Uint32Array(this.#pixels.buffer, 0, this.width * this.height * 4);
  }

  close(): void {
    this.gl.destroy();
  }
}
