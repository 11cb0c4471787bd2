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
uint vg_insert(uint a, uint b, int c, int d) { int o = c & 31; int n = clamp(d, 1, 32 - o); uint m = d <= 0 ? 0u : (0xffffffffu >> uint(32 - n)) << uint(o); return (a & ~m) | ((b << uint(o)) & m); }
uvec4 vg_insert(uvec4 a, uvec4 b, ivec4 c, ivec4 d) { return uvec4(vg_insert(a.x, b.x, c.x, d.x), vg_insert(a.y, b.y, c.y, d.y), vg_insert(a.z, b.z, c.z, d.z), vg_insert(a.w, b.w, c.w, d.w)); }
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
  t2 = fs_c0[clamp(addr0.x + 2, 0, 63)] & uvec4(31u);
  t3 = fs_c0[clamp(addr0.x + 3, 0, 63)] & uvec4(31u);
  t1 = vg_insert(fs_c0[clamp(addr0.x, 0, 63)], fs_c0[clamp(addr0.x + 1, 0, 63)], ivec4(t2), ivec4(t3));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
