/**
 * Every arithmetic opcode with what it means, in plain TypeScript. `lines` work on the operands $0…$3 and leave their
 * result in TEMP[1]. Meanings: the TGSI documentation; tgsi_exec where that leaves a case open.
 */
export type Kind = "float" | "int" | "uint" | "half" | "unit";

export type Words = readonly [number, number, number, number];

export interface OpcodeCase {
  readonly name: string;
  readonly lines: readonly string[];
  /** What the inputs are drawn from; one kind per operand, the last repeated. */
  readonly kinds: readonly Kind[];
  /** Exact words, or floats within `ulp` units in the last place or `absolute` of the value. */
  readonly compare: "words" | { readonly ulp: number; readonly absolute?: number };
  /** Operands as bit patterns (16 words) to the four result words, or floats when `compare` has a tolerance. */
  readonly reference: (operands: Operands) => Words;
  /** Leaves out inputs whose result the specification leaves open. */
  readonly accepts?: (operands: Operands) => boolean;
}

/** The four operands of one point; `f(j, c)`, `i(j, c)`, `u(j, c)` read component c of operand j. */
export class Operands {
  readonly words: Uint32Array;
  readonly #floats: Float32Array;
  readonly #ints: Int32Array;

  constructor(words: Uint32Array) {
    this.words = words;
    this.#floats = new Float32Array(words.buffer, words.byteOffset, words.length);
    this.#ints = new Int32Array(words.buffer, words.byteOffset, words.length);
  }

  f(operand: number, component: number): number {
    return this.#floats[operand * 4 + component] ?? 0;
  }

  i(operand: number, component: number): number {
    return this.#ints[operand * 4 + component] ?? 0;
  }

  u(operand: number, component: number): number {
    return this.words[operand * 4 + component] ?? 0;
  }
}

const C4 = [0, 1, 2, 3] as const;

function each(formula: (component: number) => number): Words {
  return [formula(0), formula(1), formula(2), formula(3)];
}

const r32 = Math.fround;
const EXACT = { ulp: 0 };

function sources(count: number): string {
  return C4.slice(0, count)
    .map((index) => `$${index}`)
    .join(", ");
}

type Reference = (o: Operands, c: number) => number;

/** Component-wise on floats; the reference computes in doubles and rounds once. */
function float(
  name: string,
  count: number,
  ulp: number,
  reference: Reference,
  extra: Partial<OpcodeCase> = {},
): OpcodeCase {
  return {
    name,
    lines: [`${name} TEMP[1], ${sources(count)}`],
    kinds: ["float"],
    compare: { ulp },
    reference: (o) => each((c) => r32(reference(o, c))),
    ...extra,
  };
}

/** Component-wise on words. */
function words(
  name: string,
  count: number,
  kind: Kind,
  reference: Reference,
  extra: Partial<OpcodeCase> = {},
): OpcodeCase {
  return {
    name,
    lines: [`${name} TEMP[1], ${sources(count)}`],
    kinds: [kind],
    compare: "words",
    reference: (o) => each((c) => reference(o, c) >>> 0),
    ...extra,
  };
}

/** Works on the first channel of each operand, result repeated. */
function scalar(
  name: string,
  count: number,
  tolerance: { ulp: number; absolute?: number },
  reference: Reference,
  extra: Partial<OpcodeCase> = {},
): OpcodeCase {
  const list = C4.slice(0, count)
    .map((index) => `$${index}.yyyy`)
    .join(", ");
  return {
    name,
    lines: [`${name} TEMP[1], ${list}`],
    kinds: ["float"],
    compare: tolerance,
    reference: (o) => each(() => r32(reference(o, 1))),
    ...extra,
  };
}

/** The result in one piece. */
function whole(
  name: string,
  count: number,
  tolerance: OpcodeCase["compare"],
  reference: (o: Operands) => Words,
  extra: Partial<OpcodeCase> = {},
): OpcodeCase {
  return {
    name,
    lines: [`${name} TEMP[1], ${sources(count)}`],
    kinds: ["float"],
    compare: tolerance,
    reference,
    ...extra,
  };
}

const mask = (truth: boolean): number => (truth ? 0xffffffff : 0);
const one = (truth: boolean): number => (truth ? 1 : 0);
const bitsOf = new DataView(new ArrayBuffer(8));

export function floatBits(value: number): number {
  bitsOf.setFloat32(0, value);
  return bitsOf.getUint32(0);
}

function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest < 0.5 ? low : rest > 0.5 ? low + 1 : low % 2 === 0 ? low : low + 1;
}

function dot(o: Operands, count: number): number {
  let sum = 0;
  for (let c = 0; c < count; c++) sum += o.f(0, c) * o.f(1, c);
  return sum;
}

/** Half a float: the nearest binary16, ties to even; inputs are drawn within its range. */
export function toHalf(value: number): number {
  const word = floatBits(value);
  const sign = (word >>> 16) & 0x8000;
  const magnitude = Math.abs(r32(value));
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundEven(magnitude * 2 ** 24);
  const exponent = Math.floor(Math.log2(magnitude));
  const fraction = roundEven((magnitude / 2 ** exponent - 1) * 1024);
  return sign | (((exponent + 15) << 10) + fraction);
}

export function fromHalf(half: number): number {
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  const magnitude =
    exponent === 0
      ? fraction * 2 ** -24
      : exponent === 31
        ? fraction === 0
          ? Infinity
          : NaN
        : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return (half & 0x8000) !== 0 ? -magnitude : magnitude;
}

function multiplyHigh(a: bigint, b: bigint): number {
  return Number(BigInt.asUintN(32, (a * b) >> 32n));
}

function reverseBits(word: number): number {
  let result = 0;
  for (let bit = 0; bit < 32; bit++) if ((word & (1 << bit)) !== 0) result |= 1 << (31 - bit);
  return result;
}

function countBits(word: number): number {
  let count = 0;
  for (let bit = 0; bit < 32; bit++) count += (word >>> bit) & 1;
  return count;
}

function extractUnsigned(value: number, offset: number, count: number): number {
  if (count <= 0) return 0;
  return Number(BigInt.asUintN(Math.min(count, 32 - offset), BigInt(value >>> 0) >> BigInt(offset)));
}

function extractSigned(value: number, offset: number, count: number): number {
  if (count <= 0) return 0;
  return Number(BigInt.asIntN(Math.min(count, 32 - offset), BigInt(value >>> 0) >> BigInt(offset)));
}

const smallShift = (o: Operands, c: number): number => o.u(1, c) & 31;
const field = { offset: (o: Operands, c: number, at: number): number => o.u(at, c) & 31 };

const nonNegative = (o: Operands): boolean => C4.every((c) => o.f(0, c) > 0);
const isSafe = (...values: number[]): boolean =>
  values.every((value) => Number.isFinite(value) && Math.abs(value) < 1e30);

const FLOATS: readonly OpcodeCase[] = [
  float("ADD", 2, 0, (o, c) => o.f(0, c) + o.f(1, c)),
  float("SUB", 2, 0, (o, c) => o.f(0, c) - o.f(1, c)),
  float("MUL", 2, 0, (o, c) => o.f(0, c) * o.f(1, c)),
  // Two roundings or one: GLSL allows both.
  float("MAD", 3, 0, (o, c) => o.f(0, c) * o.f(1, c) + o.f(2, c), { compare: { ulp: 1, absolute: 1e-3 } }),
  float("FMA", 3, 0, (o, c) => o.f(0, c) * o.f(1, c) + o.f(2, c), { compare: { ulp: 1, absolute: 1e-3 } }),
  float("DIV", 2, 3, (o, c) => o.f(0, c) / o.f(1, c), { accepts: (o) => C4.every((c) => o.f(1, c) !== 0) }),
  float("MIN", 2, 0, (o, c) => Math.min(o.f(0, c), o.f(1, c))),
  float("MAX", 2, 0, (o, c) => Math.max(o.f(0, c), o.f(1, c))),
  float("ABS", 1, 0, (o, c) => Math.abs(o.f(0, c))),
  float("SSG", 1, 0, (o, c) => Math.sign(o.f(0, c))),
  float("FLR", 1, 0, (o, c) => Math.floor(o.f(0, c))),
  float("CEIL", 1, 0, (o, c) => Math.ceil(o.f(0, c))),
  float("TRUNC", 1, 0, (o, c) => Math.trunc(o.f(0, c))),
  float("ROUND", 1, 0, (o, c) => roundEven(o.f(0, c))),
  float("FRC", 1, 0, (o, c) => r32(o.f(0, c) - Math.floor(o.f(0, c))), { compare: { ulp: 1, absolute: 1e-6 } }),
  float("LRP", 3, 0, (o, c) => o.f(0, c) * o.f(1, c) + (1 - o.f(0, c)) * o.f(2, c), {
    kinds: ["unit", "float"],
    compare: { ulp: 4, absolute: 1e-4 },
  }),
  float("CMP", 3, 0, (o, c) => (o.f(0, c) < 0 ? o.f(1, c) : o.f(2, c))),
  float("SLT", 2, 0, (o, c) => one(o.f(0, c) < o.f(1, c))),
  float("SGE", 2, 0, (o, c) => one(o.f(0, c) >= o.f(1, c))),
  float("SEQ", 2, 0, (o, c) => one(o.f(0, c) === o.f(1, c))),
  float("SNE", 2, 0, (o, c) => one(o.f(0, c) !== o.f(1, c))),
  float("SGT", 2, 0, (o, c) => one(o.f(0, c) > o.f(1, c))),
  float("SLE", 2, 0, (o, c) => one(o.f(0, c) <= o.f(1, c))),
  float("LDEXP", 2, 1, (o, c) => o.f(0, c) * 2 ** ((o.i(1, c) & 15) - 8), {
    lines: ["AND TEMP[2], $1, IMM[1].xxxx", "UADD TEMP[2], TEMP[2], IMM[1].yyyy", "LDEXP TEMP[1], $0, TEMP[2]"],
    kinds: ["float", "uint"],
  }),
];

const SCALARS: readonly OpcodeCase[] = [
  scalar("RCP", 1, { ulp: 3 }, (o) => 1 / o.f(0, 1), { accepts: (o) => o.f(0, 1) !== 0 }),
  scalar("RSQ", 1, { ulp: 4 }, (o) => 1 / Math.sqrt(o.f(0, 1)), { kinds: ["unit"], accepts: nonNegative }),
  scalar("SQRT", 1, { ulp: 4 }, (o) => Math.sqrt(o.f(0, 1)), { kinds: ["unit"] }),
  // GLSL ES asks 3 + 2|x| ulp of exp2 and 2^-21 or 3 ulp of log2; llvmpipe's polynomials are about 2^-20.
  scalar("EX2", 1, { ulp: 64 }, (o) => 2 ** o.f(0, 1), { accepts: (o) => Math.abs(o.f(0, 1)) < 100 }),
  scalar("LG2", 1, { ulp: 16, absolute: 2 ** -18 }, (o) => Math.log2(o.f(0, 1)), {
    kinds: ["unit"],
    accepts: nonNegative,
  }),
  scalar("POW", 2, { ulp: 4096, absolute: 1e-4 }, (o) => o.f(0, 1) ** o.f(1, 1), {
    kinds: ["unit", "unit"],
    accepts: (o) => o.f(0, 1) > 0.001 && Math.abs(o.f(1, 1)) < 16,
  }),
  scalar("SIN", 1, { ulp: 16, absolute: 2 ** -11 }, (o) => Math.sin(o.f(0, 1)), {
    accepts: (o) => Math.abs(o.f(0, 1)) <= 100,
  }),
  scalar("COS", 1, { ulp: 16, absolute: 2 ** -11 }, (o) => Math.cos(o.f(0, 1)), {
    accepts: (o) => Math.abs(o.f(0, 1)) <= 100,
  }),
];

const VECTORS: readonly OpcodeCase[] = [
  ...[2, 3, 4].map((count) =>
    whole(`DP${count}`, 2, { ulp: 4, absolute: 1e-2 }, (o) => each(() => r32(dot(o, count)))),
  ),
  whole("DPH", 2, { ulp: 4, absolute: 1e-2 }, (o) => each(() => r32(dot(o, 3) + o.f(1, 3)))),
  whole("XPD", 2, { ulp: 4, absolute: 1e-2 }, (o) => [
    r32(o.f(0, 1) * o.f(1, 2) - o.f(0, 2) * o.f(1, 1)),
    r32(o.f(0, 2) * o.f(1, 0) - o.f(0, 0) * o.f(1, 2)),
    r32(o.f(0, 0) * o.f(1, 1) - o.f(0, 1) * o.f(1, 0)),
    1,
  ]),
  whole("DST", 2, EXACT, (o) => [1, r32(o.f(0, 1) * o.f(1, 1)), o.f(0, 2), o.f(1, 3)]),
  whole("SCS", 1, { ulp: 16, absolute: 2 ** -11 }, (o) => [r32(Math.cos(o.f(0, 0))), r32(Math.sin(o.f(0, 0))), 0, 1], {
    accepts: (o) => Math.abs(o.f(0, 0)) <= 100,
  }),
  whole(
    "LIT",
    1,
    { ulp: 4096, absolute: 1e-4 },
    (o) => {
      const exponent = Math.min(Math.max(o.f(0, 3), -128), 128);
      return [1, Math.max(o.f(0, 0), 0), o.f(0, 0) > 0 ? r32(Math.max(o.f(0, 1), 0) ** exponent) : 0, 1];
    },
    { accepts: (o) => o.f(0, 1) > 0.01 && isSafe(o.f(0, 1) ** o.f(0, 3)) && Math.abs(o.f(0, 3)) < 8 },
  ),
  whole(
    "EXP",
    1,
    { ulp: 64 },
    (o) => {
      const x = o.f(0, 0);
      return [2 ** Math.floor(x), r32(x - Math.floor(x)), r32(2 ** x), 1];
    },
    { accepts: (o) => Math.abs(o.f(0, 0)) < 30 && Math.abs(o.f(0, 0) - Math.round(o.f(0, 0))) > 0.01 },
  ),
  whole(
    "LOG",
    1,
    { ulp: 64, absolute: 2 ** -18 },
    (o) => {
      const x = Math.abs(o.f(0, 0));
      const exponent = Math.floor(Math.log2(x));
      return [exponent, r32(x / 2 ** exponent), r32(Math.log2(x)), 1];
    },
    { accepts: (o) => Math.abs(o.f(0, 0)) > 0.01 && Math.abs(Math.log2(Math.abs(o.f(0, 0))) % 1) > 0.001 },
  ),
];

const INTEGERS: readonly OpcodeCase[] = [
  words("UADD", 2, "uint", (o, c) => o.u(0, c) + o.u(1, c)),
  words("UMUL", 2, "uint", (o, c) => Math.imul(o.u(0, c), o.u(1, c))),
  words("UMAD", 3, "uint", (o, c) => Math.imul(o.u(0, c), o.u(1, c)) + o.u(2, c)),
  words("UMUL_HI", 2, "uint", (o, c) => multiplyHigh(BigInt(o.u(0, c)), BigInt(o.u(1, c)))),
  words("IMUL_HI", 2, "int", (o, c) => multiplyHigh(BigInt(o.i(0, c)), BigInt(o.i(1, c)))),
  words("IDIV", 2, "int", (o, c) => (o.i(1, c) === 0 ? 0 : Math.trunc(o.i(0, c) / o.i(1, c)))),
  words("UDIV", 2, "uint", (o, c) => (o.u(1, c) === 0 ? 0xffffffff : Math.floor(o.u(0, c) / o.u(1, c)))),
  words("MOD", 2, "int", (o, c) => (o.i(1, c) === 0 ? -1 : o.i(0, c) % o.i(1, c))),
  words("UMOD", 2, "uint", (o, c) => (o.u(1, c) === 0 ? 0xffffffff : o.u(0, c) % o.u(1, c))),
  words("INEG", 1, "int", (o, c) => -o.i(0, c)),
  words("IABS", 1, "int", (o, c) => Math.abs(o.i(0, c))),
  words("ISSG", 1, "int", (o, c) => Math.sign(o.i(0, c))),
  words("IMIN", 2, "int", (o, c) => Math.min(o.i(0, c), o.i(1, c))),
  words("IMAX", 2, "int", (o, c) => Math.max(o.i(0, c), o.i(1, c))),
  words("UMIN", 2, "uint", (o, c) => Math.min(o.u(0, c), o.u(1, c))),
  words("UMAX", 2, "uint", (o, c) => Math.max(o.u(0, c), o.u(1, c))),
  words("ISLT", 2, "int", (o, c) => mask(o.i(0, c) < o.i(1, c))),
  words("ISGE", 2, "int", (o, c) => mask(o.i(0, c) >= o.i(1, c))),
  words("USLT", 2, "uint", (o, c) => mask(o.u(0, c) < o.u(1, c))),
  words("USGE", 2, "uint", (o, c) => mask(o.u(0, c) >= o.u(1, c))),
  words("USEQ", 2, "uint", (o, c) => mask(o.u(0, c) === o.u(1, c))),
  words("USNE", 2, "uint", (o, c) => mask(o.u(0, c) !== o.u(1, c))),
  words("FSLT", 2, "float", (o, c) => mask(o.f(0, c) < o.f(1, c))),
  words("FSGE", 2, "float", (o, c) => mask(o.f(0, c) >= o.f(1, c))),
  words("FSEQ", 2, "float", (o, c) => mask(o.f(0, c) === o.f(1, c))),
  words("FSNE", 2, "float", (o, c) => mask(o.f(0, c) !== o.f(1, c))),
  words("AND", 2, "uint", (o, c) => o.u(0, c) & o.u(1, c)),
  words("OR", 2, "uint", (o, c) => o.u(0, c) | o.u(1, c)),
  words("XOR", 2, "uint", (o, c) => o.u(0, c) ^ o.u(1, c)),
  words("NOT", 1, "uint", (o, c) => ~o.u(0, c)),
  words("SHL", 2, "uint", (o, c) => o.u(0, c) << smallShift(o, c)),
  words("USHR", 2, "uint", (o, c) => o.u(0, c) >>> smallShift(o, c)),
  words("ISHR", 2, "int", (o, c) => o.i(0, c) >> smallShift(o, c)),
  words("UCMP", 3, "uint", (o, c) => (o.u(0, c) !== 0 ? o.u(1, c) : o.u(2, c))),
  words("BREV", 1, "uint", (o, c) => reverseBits(o.u(0, c))),
  words("POPC", 1, "uint", (o, c) => countBits(o.u(0, c))),
  words("LSB", 1, "uint", (o, c) => (o.u(0, c) === 0 ? -1 : countBits((o.u(0, c) & -o.u(0, c)) - 1))),
  words("UMSB", 1, "uint", (o, c) => 31 - Math.clz32(o.u(0, c))),
  words("IMSB", 1, "int", (o, c) => 31 - Math.clz32(o.i(0, c) < 0 ? ~o.i(0, c) : o.i(0, c))),
  words("UBFE", 3, "uint", (o, c) => extractUnsigned(o.u(0, c), field.offset(o, c, 1), field.offset(o, c, 2)), {
    lines: ["AND TEMP[2], $1, IMM[1].zzzz", "AND TEMP[3], $2, IMM[1].zzzz", "UBFE TEMP[1], $0, TEMP[2], TEMP[3]"],
  }),
  words("IBFE", 3, "int", (o, c) => extractSigned(o.u(0, c), field.offset(o, c, 1), field.offset(o, c, 2)), {
    lines: ["AND TEMP[2], $1, IMM[1].zzzz", "AND TEMP[3], $2, IMM[1].zzzz", "IBFE TEMP[1], $0, TEMP[2], TEMP[3]"],
  }),
  words(
    "BFI",
    4,
    "uint",
    (o, c) => {
      const offset = field.offset(o, c, 2);
      const count = Math.min(field.offset(o, c, 3), 32 - offset);
      const bits = count === 0 ? 0 : Number(((1n << BigInt(count)) - 1n) << BigInt(offset));
      return (o.u(0, c) & ~bits) | ((o.u(1, c) << offset) & bits);
    },
    {
      lines: ["AND TEMP[2], $2, IMM[1].zzzz", "AND TEMP[3], $3, IMM[1].zzzz", "BFI TEMP[1], $0, $1, TEMP[2], TEMP[3]"],
    },
  ),
];

const CONVERSIONS: readonly OpcodeCase[] = [
  words("F2I", 1, "float", (o, c) => Math.trunc(o.f(0, c)), {
    accepts: (o) => C4.every((c) => Math.abs(o.f(0, c)) < 2 ** 31),
  }),
  words("F2U", 1, "unit", (o, c) => Math.trunc(o.f(0, c))),
  float("I2F", 1, 1, (o, c) => o.i(0, c), { kinds: ["int"] }),
  float("U2F", 1, 1, (o, c) => o.u(0, c), { kinds: ["uint"] }),
  words("MOV", 1, "uint", (o, c) => o.u(0, c)),
  whole("PK2H", 1, "words", (o) => each(() => (toHalf(o.f(0, 0)) | (toHalf(o.f(0, 1)) << 16)) >>> 0), {
    kinds: ["half"],
  }),
  whole("UP2H", 1, EXACT, (o) => each((c) => fromHalf((o.u(0, 0) >>> (16 * (c & 1))) & 0xffff)), {
    kinds: ["uint"],
    accepts: (o) => [0, 16].every((shift) => ((o.u(0, 0) >>> (shift + 10)) & 31) % 31 !== 0),
  }),
  whole("PK2US", 1, "words", (o) => each(() => (unorm(o.f(0, 0), 65535) | (unorm(o.f(0, 1), 65535) << 16)) >>> 0), {
    kinds: ["unit"],
    accepts: (o) => isFarFromTies(o, 65535),
  }),
  whole("UP2US", 1, { ulp: 2 }, (o) => each((c) => r32(((o.u(0, 0) >>> (16 * (c & 1))) & 0xffff) / 65535)), {
    kinds: ["uint"],
  }),
  whole(
    "PK4UB",
    1,
    "words",
    (o) => each(() => C4.reduce<number>((sum, c) => sum | (unorm(o.f(0, c), 255) << (8 * c)), 0) >>> 0),
    { kinds: ["unit"], accepts: (o) => isFarFromTies(o, 255) },
  ),
  whole("UP4UB", 1, { ulp: 2 }, (o) => each((c) => r32(((o.u(0, 0) >>> (8 * c)) & 0xff) / 255)), { kinds: ["uint"] }),
  whole(
    "PK4B",
    1,
    "words",
    (o) => each(() => C4.reduce<number>((sum, c) => sum | ((snorm(o.f(0, c)) & 0xff) << (8 * c)), 0) >>> 0),
    { kinds: ["unit"], accepts: (o) => isFarFromTies(o, 127) },
  ),
  whole("UP4B", 1, { ulp: 2 }, (o) => each((c) => r32(Math.max((o.u(0, 0) << (24 - 8 * c)) >> 24, -127) / 127)), {
    kinds: ["uint"],
  }),
];

/** GLSL leaves open which way a half goes. */
function isFarFromTies(o: Operands, scale: number): boolean {
  return C4.every((c) => Math.abs(((o.f(0, c) * scale) % 1) - 0.5) > 0.01);
}

function unorm(value: number, scale: number): number {
  return Math.round(r32(Math.min(Math.max(value, 0), 1) * scale));
}

function snorm(value: number): number {
  return Math.round(r32(Math.min(Math.max(value, -1), 1) * 127));
}

const ADDRESSES: readonly OpcodeCase[] = [
  { name: "ARL", round: Math.floor },
  { name: "ARR", round: roundEven },
].map(({ name, round }) => ({
  name,
  // The address picks one of this point's four operands: 2.x is 0 to 3 with a fraction.
  lines: [
    "AND TEMP[2].x, $3.xxxx, IMM[1].zzzz",
    "U2F TEMP[2].x, TEMP[2].xxxx",
    "MAD TEMP[2].x, TEMP[2].xxxx, IMM[2].xxxx, IMM[2].yyyy",
    `${name} ADDR[1].x, TEMP[2].xxxx`,
    "MOV TEMP[1], CONST[ADDR[1].x]",
  ],
  kinds: ["uint"] as const,
  compare: "words" as const,
  reference: (o: Operands): Words => each((c) => constantAt(round(r32((o.u(3, 0) & 31) * 0.25 + 0.125)), c)),
}));

/** CONST[index] as the drawn test fills it: see `inputWord` of the test. Set by it. */
let constantAt = (_index: number, _component: number): number => 0;

export function setConstants(read: (index: number, component: number) => number): void {
  constantAt = read;
}

const MODIFIERS: readonly OpcodeCase[] = [
  {
    name: "negate",
    lines: ["MOV TEMP[1], -$0"],
    kinds: ["float"],
    compare: EXACT,
    reference: (o) => each((c) => -o.f(0, c)),
  },
  {
    name: "absolute",
    lines: ["ADD TEMP[1], |$0|, -|$1|"],
    kinds: ["float"],
    compare: EXACT,
    reference: (o) => each((c) => r32(Math.abs(o.f(0, c)) - Math.abs(o.f(1, c)))),
  },
  {
    name: "saturate",
    lines: ["ADD_SAT TEMP[1], $0, $1"],
    kinds: ["unit"],
    compare: EXACT,
    reference: (o) => each((c) => Math.min(Math.max(r32(o.f(0, c) + o.f(1, c)), 0), 1)),
  },
  {
    name: "saturate-move",
    lines: ["MOV_SAT TEMP[1], $0", "UCMP_SAT TEMP[1].w, $0.xxxx, $1, $2"],
    kinds: ["unit"],
    compare: EXACT,
    reference: (o) =>
      each((c) => Math.min(Math.max(c < 3 ? o.f(0, c) : o.u(0, 0) === 0 ? o.f(2, 3) : o.f(1, 3), 0), 1)),
  },
  {
    name: "precise",
    lines: ["MUL_PRECISE TEMP[2], $0, $1", "ADD_PRECISE TEMP[1], TEMP[2], $2"],
    kinds: ["float"],
    compare: { ulp: 1, absolute: 1e-3 },
    reference: (o) => each((c) => r32(r32(o.f(0, c) * o.f(1, c)) + o.f(2, c))),
  },
  {
    name: "swizzle",
    lines: ["MOV TEMP[1].xz, $0.wzyx", "MOV TEMP[1].yw, $1.xxyz"],
    kinds: ["uint"],
    compare: "words",
    reference: (o) => [o.u(0, 3), o.u(1, 0), o.u(0, 1), o.u(1, 2)],
  },
  {
    name: "integer-negate",
    lines: ["UADD TEMP[1], $0, -$1"],
    kinds: ["uint"],
    compare: "words",
    reference: (o) => each((c) => (o.u(0, c) - o.u(1, c)) >>> 0),
  },
  {
    name: "mixed-register",
    lines: [
      "MOV TEMP[2], $0",
      "ADD TEMP[2].x, TEMP[2].xxxx, TEMP[2].xxxx",
      "UADD TEMP[2].y, TEMP[2].yyyy, TEMP[2].yyyy",
      "MOV TEMP[1], TEMP[2]",
    ],
    kinds: ["half"],
    compare: "words",
    reference: (o) => [floatBits(r32(o.f(0, 0) * 2)), (o.u(0, 1) * 2) >>> 0, o.u(0, 2), o.u(0, 3)],
  },
  {
    name: "denormal-words",
    lines: ["UADD TEMP[2], IMM[1].zzzz, $0", "MOV TEMP[3], TEMP[2]", "UADD TEMP[1], TEMP[3], -$0"],
    kinds: ["uint"],
    compare: "words",
    reference: () => each(() => 31),
  },
];

const FLOW: readonly OpcodeCase[] = [
  {
    name: "IF",
    lines: [
      "SLT TEMP[2].x, $0.xxxx, $1.xxxx",
      "IF TEMP[2].xxxx :0",
      "  MOV TEMP[1], $0",
      "ELSE :0",
      "  MOV TEMP[1], $1",
      "ENDIF",
    ],
    kinds: ["float"],
    compare: EXACT,
    reference: (o) => each((c) => (o.f(0, 0) < o.f(1, 0) ? o.f(0, c) : o.f(1, c))),
  },
  {
    name: "UIF",
    lines: ["AND TEMP[2].x, $0.xxxx, IMM[0].xxxx", "UIF TEMP[2].xxxx :0", "  MOV TEMP[1], $1", "ENDIF"],
    kinds: ["uint"],
    compare: "words",
    reference: (o) => each((c) => ((o.u(0, 0) & 4) !== 0 ? o.u(1, c) : 0)),
  },
  {
    // Adds operand 1 operand-0-mod-32 times, leaving out every fourth.
    name: "BGNLOOP",
    lines: [
      "AND TEMP[2].x, $0.xxxx, IMM[1].zzzz",
      "MOV TEMP[2].y, IMM[0].yyyy",
      "BGNLOOP :0",
      "  USGE TEMP[2].z, TEMP[2].yyyy, TEMP[2].xxxx",
      "  UIF TEMP[2].zzzz :0",
      "    BRK",
      "  ENDIF",
      "  UADD TEMP[2].y, TEMP[2].yyyy, IMM[1].wwww",
      "  AND TEMP[2].w, TEMP[2].yyyy, IMM[2].zzzz",
      "  USEQ TEMP[2].w, TEMP[2].wwww, IMM[0].yyyy",
      "  UIF TEMP[2].wwww :0",
      "    CONT",
      "  ENDIF",
      "  UADD TEMP[1], TEMP[1], $1",
      "ENDLOOP :0",
    ],
    kinds: ["uint"],
    compare: "words",
    reference: (o) => each((c) => Math.imul((o.u(0, 0) & 31) - ((o.u(0, 0) & 31) >> 2), o.u(1, c)) >>> 0),
  },
];

export const OPCODE_CASES: readonly OpcodeCase[] = [
  ...FLOATS,
  ...SCALARS,
  ...VECTORS,
  ...INTEGERS,
  ...CONVERSIONS,
  ...ADDRESSES,
  ...MODIFIERS,
  ...FLOW,
];
