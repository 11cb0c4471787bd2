/**
 * Text that crosses the wire is ASCII here: names and shader texts. What is not printable becomes something harmless, so
 * that a peer's bytes can be logged as they come.
 */

function isPrintable(code: number): boolean {
  return code >= 32 && code < 127;
}

/** The bytes up to the first NUL, at most `maxLength`, with unprintable ones as `?`. */
export function asciiText(bytes: Uint8Array, maxLength = 256): string {
  const length = Math.min(bytes.length, maxLength);
  let text = "";
  for (let i = 0; i < length && bytes[i] !== 0; i++) {
    text += isPrintable(bytes[i]!) ? String.fromCharCode(bytes[i]!) : "?";
  }
  return text;
}

/** As `asciiText`, from the bytes of dwords in little-endian order, beginning at `dw[from]`; line feeds are kept. */
export function asciiTextOfDwords(dw: Uint32Array, from: number, maxLength: number): string {
  let text = "";
  for (let i = 0; i < maxLength; i++) {
    const code = (dw[from + (i >>> 2)]! >>> ((i & 3) * 8)) & 0xff;
    if (code === 0) break;
    text += code === 10 || isPrintable(code) ? String.fromCharCode(code) : "?";
  }
  return text;
}

/** One byte per character; characters beyond ASCII become `?`. No NUL is added. */
export function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    bytes[i] = code < 127 ? code : 63;
  }
  return bytes;
}

/** ASCII text and its NUL as little-endian dwords, padded with zeros. */
export function asciiDwords(text: string): Uint32Array {
  const bytes = new Uint8Array((text.length + 4) & ~3);
  bytes.set(asciiBytes(text));
  return new Uint32Array(bytes.buffer);
}
