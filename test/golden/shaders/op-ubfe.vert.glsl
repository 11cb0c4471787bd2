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
uint vg_extractu(uint a, int b, int c) { int o = b & 31; int n = clamp(c, 1, 32 - o); uint r = (a << uint(32 - o - n)) >> uint(32 - n); return c <= 0 ? 0u : r; }
uvec4 vg_extractu(uvec4 a, ivec4 b, ivec4 c) { return uvec4(vg_extractu(a.x, b.x, c.x), vg_extractu(a.y, b.y, c.y), vg_extractu(a.z, b.z, c.z), vg_extractu(a.w, b.w, c.w)); }
void main() {
  ivec4 sv0;
  vec4 out0;
  uvec4 out1;
  uvec4 out2 = uvec4(0u);
  uvec4 t0;
  uvec4 t1;
  uvec4 t2;
  uvec4 t3;
  ivec4 addr0;
  sv0 = ivec4(gl_VertexID);
  t0.x = uint(sv0.x) * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  out0 = a0;
  out2.x = uint(sv0.x);
  t2 = vs_c0[clamp(addr0.x + 1, 0, 63)] & uvec4(31u);
  t3 = vs_c0[clamp(addr0.x + 2, 0, 63)] & uvec4(31u);
  t1 = vg_extractu(vs_c0[clamp(addr0.x, 0, 63)], ivec4(t2), ivec4(t3));
  out1 = t1;
  v_generic0 = out1;
  v_generic1 = out2;
  gl_Position = vec4(out0.x, out0.y * vs_sys[0].x, out0.zw);
  gl_PointSize = vs_sys[0].y;
}
