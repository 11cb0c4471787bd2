/**
 * The program every arithmetic opcode is drawn with. Point k of a draw covers pixel k. The vertex shader works on the
 * four constants that start at CONST[4k] and passes the result on as raw words; the fragment shader does the same
 * for itself and writes both. So one draw gives the opcode's results of both stages for every input.
 */
/** What a program needs to know of an opcode or texture case. */
export interface DrawnCase {
  readonly name: string;
  readonly lines: readonly string[];
  /** Declarations of textures. */
  readonly declarations?: string;
}

/** Inputs per draw, and the constants they take. */
export const SET_COUNT = 16;
const CONSTANTS = SET_COUNT * 4;

/** The operands of a case's lines: input j of this point, and where results go. */
function fill(lines: readonly string[]): string[] {
  return lines.map((line) =>
    line.replace(/\$([0-3])/g, (_, digit: string) =>
      digit === "0" ? "CONST[ADDR[0].x]" : `CONST[ADDR[0].x+${digit}]`,
    ),
  );
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${String(index).padStart(3)}: ${line}\n`).join("");
}

const IMMEDIATES =
  "IMM[0] UINT32 {4, 0, 1065353216, 0}\nIMM[1] INT32 {15, -8, 31, 1}\nIMM[2] UINT32 {1048576000, 1040187392, 3, 0}\nIMM[3] UINT32 {0, 1, 2, 3}\n";

export function vertexText(opcode: DrawnCase): string {
  const head = `VERT\nDCL IN[0]\nDCL SV[0], VERTEXID\nDCL OUT[0], POSITION\nDCL OUT[1], GENERIC[0]\nDCL OUT[2], GENERIC[1]\nDCL CONST[0..${CONSTANTS - 1}]\nDCL TEMP[0..4]\nDCL ADDR[0..1]\n${opcode.declarations ?? ""}${IMMEDIATES}`;
  return (
    head +
    numbered([
      "UMUL TEMP[0].x, SV[0].xxxx, IMM[0].xxxx",
      "UARL ADDR[0].x, TEMP[0].xxxx",
      "MOV TEMP[1], IMM[0].yyyy",
      "MOV OUT[0], IN[0]",
      "MOV OUT[2].x, SV[0].xxxx",
      ...fill(opcode.lines),
      "MOV OUT[1], TEMP[1]",
      "END",
    ])
  );
}

export function fragmentText(opcode: DrawnCase): string {
  const head = `FRAG\nDCL IN[0], GENERIC[0], CONSTANT\nDCL IN[1].x, GENERIC[1], CONSTANT\nDCL OUT[0], COLOR\nDCL OUT[1], COLOR[1]\nDCL CONST[0..${CONSTANTS - 1}]\nDCL TEMP[0..4]\nDCL ADDR[0..1]\n${opcode.declarations ?? ""}${IMMEDIATES}`;
  return (
    head +
    numbered([
      "UMUL TEMP[0].x, IN[1].xxxx, IMM[0].xxxx",
      "UARL ADDR[0].x, TEMP[0].xxxx",
      "MOV TEMP[1], IMM[0].yyyy",
      ...fill(opcode.lines),
      "MOV OUT[0], TEMP[1]",
      "MOV OUT[1], IN[0]",
      "END",
    ])
  );
}

/** Golden name of a texture case. */
export function textureFileName(name: string): string {
  return `op-${name}`;
}

export function opcodeFileName(opcode: DrawnCase): string {
  return `op-${opcode.name.toLowerCase().replaceAll("_", "-")}`;
}

const RETURN_TYPES = { float: "FLOAT", shadow: "FLOAT", int: "SINT", uint: "UINT" } as const;

/** Declares the texture of a case as slot 0. */
export function textureDeclarations(target: string, kind: keyof typeof RETURN_TYPES): string {
  return `DCL SAMP[0]\nDCL SVIEW[0], ${target}, ${RETURN_TYPES[kind]}\n`;
}
