#version 300 es
precision highp float;
precision highp int;
layout(std140) uniform fs_block0 {
  uvec4 fs_c0[64];
};
flat in uvec4 v_generic0;
flat in uvec4 v_generic1;
layout(location = 0) out uvec4 frag0;
layout(location = 1) out uvec4 frag1;
uint vg_extractu(uint a, int b, int c) { int o = b & 31; int n = clamp(c, 1, 32 - o); uint r = (a << uint(32 - o - n)) >> uint(32 - n); return c <= 0 ? 0u : r; }
uvec4 vg_extractu(uvec4 a, ivec4 b, ivec4 c) { return uvec4(vg_extractu(a.x, b.x, c.x), vg_extractu(a.y, b.y, c.y), vg_extractu(a.z, b.z, c.z), vg_extractu(a.w, b.w, c.w)); }
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  uvec4 t2;
  uvec4 t3;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t2 = fs_c0[clamp(addr0.x + 1, 0, 63)] & uvec4(31u);
  t3 = fs_c0[clamp(addr0.x + 2, 0, 63)] & uvec4(31u);
  t1 = vg_extractu(fs_c0[clamp(addr0.x, 0, 63)], ivec4(t2), ivec4(t3));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
