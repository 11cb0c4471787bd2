/** Bytes into and out of buffers. Memory objects take neither glBufferSubData nor mappings: those go through a buffer between. */
import { GL } from "../../../gl/index.js";
import { CopyReason, ImportPath } from "../../../memory/index.js";
import type { GlesHost } from "../gles-host.js";
import type { GlResource } from "../resource/index.js";

/** Writes bytes of a segment, in stream order, to the buffer, which is bound to COPY_WRITE_BUFFER. Bounds were checked. */
export function writeBuffer(
  host: GlesHost,
  resource: GlResource,
  at: number,
  segment: number,
  offsetBytes: number,
  lengthBytes: number,
): void {
  const { encoder } = host;
  if (resource.imported?.path === ImportPath.MEMORY_OBJECT) {
    const between = bindBetween(host, GL.COPY_READ_BUFFER, resource, lengthBytes);
    encoder.bufferData(GL.COPY_READ_BUFFER, GL.STREAM_COPY, segment, offsetBytes, lengthBytes);
    encoder.copyBufferSubData(GL.COPY_READ_BUFFER, GL.COPY_WRITE_BUFFER, 0, at, lengthBytes);
    free(host, between);
    return;
  }
  encoder.bufferSubData(GL.COPY_WRITE_BUFFER, at, segment, offsetBytes, lengthBytes);
}

/** Reads bytes of the buffer, which is bound to COPY_READ_BUFFER, into a segment, in stream order. Bounds were checked. */
export function readBuffer(
  host: GlesHost,
  resource: GlResource,
  at: number,
  segment: number,
  offsetBytes: number,
  lengthBytes: number,
): void {
  const { encoder } = host;
  if (resource.imported?.path === ImportPath.MEMORY_OBJECT) {
    const between = bindBetween(host, GL.COPY_WRITE_BUFFER, resource, lengthBytes);
    encoder.bufferZeros(GL.COPY_WRITE_BUFFER, lengthBytes, GL.STREAM_COPY);
    encoder.copyBufferSubData(GL.COPY_READ_BUFFER, GL.COPY_WRITE_BUFFER, at, 0, lengthBytes);
    encoder.getBufferSubData(GL.COPY_WRITE_BUFFER, 0, segment, offsetBytes, lengthBytes);
    free(host, between);
    return;
  }
  encoder.getBufferSubData(GL.COPY_READ_BUFFER, at, segment, offsetBytes, lengthBytes);
}

function bindBetween(host: GlesHost, target: number, resource: GlResource, lengthBytes: number): number {
  const { encoder, names, ledger } = host;
  const name = names.buffer.allocateOwn();
  encoder.createBuffer(name);
  encoder.bindBuffer(target, name);
  ledger.count(CopyReason.HOST_CONVERT, lengthBytes, resource.id);
  return name;
}

function free({ encoder, names }: GlesHost, name: number): void {
  encoder.deleteBuffer(name);
  names.buffer.free(name);
}
