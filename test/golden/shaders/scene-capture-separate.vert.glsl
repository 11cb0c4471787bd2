#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
};
layout(location = 0) in vec4 a0;
flat out uvec4 cap0;
flat out uvec2 cap1;
flat out uvec4 cap2[2];
void main() {
  ivec4 sv0;
  uvec4 out0;
  uvec4 out1;
  uvec4 out2;
  sv0 = ivec4(gl_VertexID);
  out0 = floatBitsToUint(a0);
  out1 = uvec4(uint(sv0.x));
  out2 = floatBitsToUint(a0);
  gl_Position = vec4(uintBitsToFloat(out0.x), uintBitsToFloat(out0.y) * vs_sys[0].x, uintBitsToFloat(out0.zw));
  cap0 = uvec4(out0.x, out0.y, out0.z, out0.w);
  cap1 = uvec2(out1.x, out1.y);
  cap2[0] = uvec4(out1.x, out1.y, out1.z, out1.w);
  cap2[1] = uvec4(out2.x, out2.y, out2.z, out2.w);
}
