#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform vs_block0 {
  vec4 vs_sys[1];
  uvec4 vs_c0[64];
};
layout(location = 0) in vec4 a0;
flat out uvec4 v_generic0;
flat out uvec4 v_generic1;
void main() {
  ivec4 sv0;
  vec4 out0;
  uvec4 out1;
  uvec4 out2 = uvec4(0u);
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  sv0 = ivec4(gl_VertexID);
  t0.x = uint(sv0.x) * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  out0 = a0;
  out2.x = uint(sv0.x);
  t1 = floatBitsToUint(clamp(uintBitsToFloat(vs_c0[clamp(addr0.x, 0, 63)]), 0.0, 1.0));
  t1.w = floatBitsToUint(clamp((vs_c0[clamp(addr0.x, 0, 63)].x != 0u) ? uintBitsToFloat(vs_c0[clamp(addr0.x + 1, 0, 63)].w) : uintBitsToFloat(vs_c0[clamp(addr0.x + 2, 0, 63)].w), 0.0, 1.0));
  out1 = t1;
  v_generic0 = out1;
  v_generic1 = out2;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = vs_sys[0].y;
}
