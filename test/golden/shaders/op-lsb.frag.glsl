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
int vg_count(uint a) { a -= (a >> 1u) & 0x55555555u; a = (a & 0x33333333u) + ((a >> 2u) & 0x33333333u); a = (a + (a >> 4u)) & 0x0f0f0f0fu; return int((a * 0x01010101u) >> 24u); }
int vg_lsb(uint a) { return a == 0u ? -1 : vg_count((a & (0u - a)) - 1u); }
ivec4 vg_lsb(uvec4 a) { return ivec4(vg_lsb(a.x), vg_lsb(a.y), vg_lsb(a.z), vg_lsb(a.w)); }
void main() {
  uvec4 out0;
  uvec4 out1;
  uvec4 t0;
  uvec4 t1;
  ivec4 addr0;
  t0.x = v_generic1.x * 4u;
  addr0.x = int(t0.x);
  t1 = uvec4(0u);
  t1 = uvec4(vg_lsb(fs_c0[clamp(addr0.x, 0, 63)]));
  out0 = t1;
  out1 = v_generic0;
  frag0 = out0;
  frag1 = out1;
}
