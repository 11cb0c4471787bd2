// Translates a TGSI shader, as Mesa's virgl driver sends them, to GLSL ES. Needs no GPU.
import { formatShaderError, translateShader } from "@virtgpu/core/shader";

const TGSI = `VERT
DCL IN[0]
DCL IN[1]
DCL OUT[0], POSITION
DCL OUT[1], GENERIC[0]
DCL CONST[0..3]
DCL TEMP[0]
  0: MUL TEMP[0], CONST[0], IN[0].xxxx
  1: MAD TEMP[0], CONST[1], IN[0].yyyy, TEMP[0]
  2: MAD TEMP[0], CONST[2], IN[0].zzzz, TEMP[0]
  3: ADD OUT[0], TEMP[0], CONST[3]
  4: MOV OUT[1], IN[1]
  5: END
`;

const target = { version: 300, extensions: new Set(), maxDrawBuffers: 8, maxVertexAttribs: 16 };
const result = translateShader(TGSI, target);
if (!result.ok) {
  console.error(formatShaderError(result.error));
  process.exit(1);
}
console.log(result.glsl);
console.log("constants per block:", [...result.info.constBuffers]);

// A mistake is told with its line and column.
const wrong = translateShader(TGSI.replace("MAD TEMP[0], CONST[1]", "FROB TEMP[0], CONST[1]"), target);
if (!wrong.ok) console.log(formatShaderError(wrong.error));
